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

/// `runhook.properties` beside the environment.
class SettingSourcesTest {
  @TempDir private Path folder = Path.of(".");

  @Test
  void a_properties_file_says_the_same_in_lower_case_with_dots() throws IOException {
    Path file = folder.resolve("runhook.properties");
    Files.writeString(
        file,
        "runhook.port = 9999\nrunhook.max.in.flight.per.webhook=7\n# a remark\naccount=acme\n");

    Settings settings = SettingsReader.read(Map.of(), file);

    assertThat(settings.port()).isEqualTo(9999);
    assertThat(settings.dispatch().maxInFlightPerWebhook()).isEqualTo(7);
    assertThat(settings.account()).isEqualTo(new AccountId("acme"));
  }

  @Test
  void the_environment_wins_over_the_file() throws IOException {
    Path file = folder.resolve("runhook.properties");
    Files.writeString(file, "runhook.port=9999\nrunhook.host=0.0.0.0\n");

    Settings settings = SettingsReader.read(Map.of("RUNHOOK_PORT", "7777"), file);

    assertThat(settings.port()).isEqualTo(7777);
    assertThat(settings.host()).isEqualTo("0.0.0.0");
  }

  @Test
  void a_typing_error_in_the_file_is_found() throws IOException {
    Path file = folder.resolve("runhook.properties");
    Files.writeString(file, "runhook.prot=9999\n");

    ConfigurationException thrown =
        catchThrowableOfType(
            ConfigurationException.class, () -> SettingsReader.read(Map.of(), file));

    assertThat(thrown.problems()).singleElement().asString().startsWith("RUNHOOK_PROT ");
  }

  @Test
  void one_setting_written_in_two_ways_is_found() throws IOException {
    Path file = folder.resolve("runhook.properties");
    Files.writeString(file, "runhook.port=9999\nport=9998\nrunhook.java.opts=-Xmx1g\n");

    ConfigurationException thrown =
        catchThrowableOfType(
            ConfigurationException.class, () -> SettingsReader.read(Map.of(), file));

    assertThat(thrown.problems())
        .satisfiesExactlyInAnyOrder(
            problem -> assertThat(problem).startsWith("RUNHOOK_PORT ").contains("twice"),
            problem -> assertThat(problem).startsWith("RUNHOOK_JAVA_OPTS is for the launcher"));
  }

  @Test
  void an_empty_variable_leaves_what_the_file_says() throws IOException {
    Path file = folder.resolve("runhook.properties");
    Files.writeString(file, "runhook.port=9999\n");

    assertThat(SettingsReader.read(Map.of("RUNHOOK_PORT", ""), file).port()).isEqualTo(9999);
  }
}
