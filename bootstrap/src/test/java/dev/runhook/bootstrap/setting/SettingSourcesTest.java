package dev.runhook.bootstrap.setting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.runhook.domain.account.AccountId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Combines `runhook.properties` and the environment.
class SettingSourcesTest {
  @TempDir private Path directory = Path.of(".");

  @Test
  void properties_are_variables_in_lowercase_with_dots() throws IOException {
    Path file = directory.resolve("runhook.properties");
    Files.writeString(
        file,
        "runhook.port = 9999\nrunhook.max.in.flight.per.webhook=7\n# a comment\naccount=acme\n");

    Settings settings = SettingsReader.read(Map.of(), file);

    assertThat(settings.get(SettingDefinitions.PORT)).isEqualTo(9999);
    assertThat(settings.dispatch().maxInFlightPerWebhook()).isEqualTo(7);
    assertThat(settings.get(SettingDefinitions.ACCOUNT)).isEqualTo(new AccountId("acme"));
  }

  @Test
  void the_environment_overrides_the_file() throws IOException {
    Path file = directory.resolve("runhook.properties");
    Files.writeString(file, "runhook.port=9999\nrunhook.host=0.0.0.0\n");

    Settings settings = SettingsReader.read(Map.of("RUNHOOK_PORT", "7777"), file);

    assertThat(settings.get(SettingDefinitions.PORT)).isEqualTo(7777);
    assertThat(settings.get(SettingDefinitions.HOST)).isEqualTo("0.0.0.0");
  }

  @Test
  void an_unknown_property_is_reported() throws IOException {
    Path file = directory.resolve("runhook.properties");
    Files.writeString(file, "runhook.prot=9999\n");

    ConfigurationException thrown =
        catchThrowableOfType(
            ConfigurationException.class, () -> SettingsReader.read(Map.of(), file));

    assertThat(thrown.problems())
        .containsExactly(
            "RUNHOOK_PROT is not a setting of Runhook (did you mean RUNHOOK_PORT?); see"
                + " docs/configuration.md");
  }

  @Test
  void a_setting_with_two_spellings_is_reported() throws IOException {
    Path file = directory.resolve("runhook.properties");
    Files.writeString(file, "runhook.port=9999\nport=9998\nrunhook.java.opts=-Xmx1g\n");

    ConfigurationException thrown =
        catchThrowableOfType(
            ConfigurationException.class, () -> SettingsReader.read(Map.of(), file));

    assertThat(thrown.problems())
        .satisfiesExactlyInAnyOrder(
            problem -> assertThat(problem).startsWith("RUNHOOK_PORT ").contains("twice"),
            problem -> assertThat(problem).startsWith("RUNHOOK_JAVA_OPTS configures the launcher"));
  }

  @Test
  void an_empty_variable_does_not_override_the_file() throws IOException {
    Path file = directory.resolve("runhook.properties");
    Files.writeString(file, "runhook.port=9999\n");

    assertThat(SettingsReader.read(Map.of("RUNHOOK_PORT", ""), file).get(SettingDefinitions.PORT))
        .isEqualTo(9999);
  }

  @ParameterizedTest
  @CsvSource({
    "RUNHOOK_ADMIN_TOKN_FILE, RUNHOOK_ADMIN_TOKEN_FILE",
    "RUNHOOK_LOGFORMAT, RUNHOOK_LOG_FORMAT",
    "RUNHOOK_COLOR, ''"
  })
  void a_similar_setting_is_suggested(String name, String suggestion) {
    ConfigurationException thrown =
        catchThrowableOfType(
            ConfigurationException.class, () -> SettingsReader.read(Map.of(name, "value")));

    String expected = suggestion.isEmpty() ? "" : " (did you mean " + suggestion + "?)";
    assertThat(thrown.problems())
        .containsExactly(
            name + " is not a setting of Runhook" + expected + "; see docs/configuration.md");
  }

  @Test
  void variables_that_kubernetes_injects_for_a_service_are_ignored() {
    Map<String, String> links =
        Map.of(
            "RUNHOOK_PORT", "tcp://10.96.12.7:80",
            "RUNHOOK_SERVICE_HOST", "10.96.12.7",
            "RUNHOOK_SERVICE_PORT", "80",
            "RUNHOOK_SERVICE_PORT_HTTP", "80",
            "RUNHOOK_PORT_80_TCP", "tcp://10.96.12.7:80",
            "RUNHOOK_PORT_80_TCP_PROTO", "tcp",
            "RUNHOOK_POSTGRES_PORT", "tcp://10.96.12.8:5432",
            "RUNHOOK_POSTGRES_SERVICE_HOST", "10.96.12.8",
            "RUNHOOK_POSTGRES_PORT_5432_TCP_ADDR", "10.96.12.8");

    assertThat(SettingsReader.read(links).get(SettingDefinitions.PORT)).isEqualTo(8080);
    assertThat(SettingSources.serviceLinks(links)).hasSameElementsAs(links.keySet());
    assertThat(SettingSources.serviceLinks(Map.of("RUNHOOK_PORT", "8081", "PATH", "/bin")))
        .isEmpty();
  }
}
