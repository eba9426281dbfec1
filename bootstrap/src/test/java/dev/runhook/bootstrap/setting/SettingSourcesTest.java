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

    assertThat(settings.port()).isEqualTo(9999);
    assertThat(settings.dispatch().maxInFlightPerWebhook()).isEqualTo(7);
    assertThat(settings.account()).isEqualTo(new AccountId("acme"));
  }

  @Test
  void the_environment_overrides_the_file() throws IOException {
    Path file = directory.resolve("runhook.properties");
    Files.writeString(file, "runhook.port=9999\nrunhook.host=0.0.0.0\n");

    Settings settings = SettingsReader.read(Map.of("RUNHOOK_PORT", "7777"), file);

    assertThat(settings.port()).isEqualTo(7777);
    assertThat(settings.host()).isEqualTo("0.0.0.0");
  }

  @Test
  void an_unknown_property_is_reported() throws IOException {
    Path file = directory.resolve("runhook.properties");
    Files.writeString(file, "runhook.prot=9999\n");

    ConfigurationException thrown =
        catchThrowableOfType(
            ConfigurationException.class, () -> SettingsReader.read(Map.of(), file));

    assertThat(thrown.problems()).singleElement().asString().startsWith("RUNHOOK_PROT ");
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

    assertThat(SettingsReader.read(Map.of("RUNHOOK_PORT", ""), file).port()).isEqualTo(9999);
  }
}
