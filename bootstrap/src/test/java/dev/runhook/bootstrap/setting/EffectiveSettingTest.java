package dev.runhook.bootstrap.setting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EffectiveSettingTest {
  private static final String TOKEN = "a-token-of-twenty-four-characters-or-more";

  @TempDir private Path directory = Path.of(".");

  @Test
  void every_setting_has_its_source() throws IOException {
    Path file = directory.resolve("runhook.properties");
    Path token = directory.resolve("token");
    Files.writeString(file, "runhook.port=9999\nrunhook.host=::1\n");
    Files.writeString(token, TOKEN);

    var settings =
        readAll(Map.of("RUNHOOK_PORT", "7777", "RUNHOOK_ADMIN_TOKEN_FILE", token.toString()), file);

    assertThat(settings)
        .hasSameSizeAs(SettingDefinitions.ALL)
        .contains(
            new EffectiveSetting("RUNHOOK_PORT", "7777", "8080", false, "environment"),
            new EffectiveSetting("RUNHOOK_HOST", "::1", "127.0.0.1", false, "runhook.properties"),
            new EffectiveSetting("RUNHOOK_ADMIN_TOKEN", "…", "", true, "file " + token),
            new EffectiveSetting("RUNHOOK_TIMEOUT", "10s", "10s", false, "default"),
            new EffectiveSetting("RUNHOOK_DATABASE_URL", "", "", false, "default"));
  }

  @ParameterizedTest
  @CsvSource({
    "postgresql://runhook:hush@db/runhook, postgresql://runhook:…@db/runhook",
    "postgresql://runhook:hush%40hush@db/runhook?sslmode=require,"
        + " postgresql://runhook:…@db/runhook?sslmode=require",
    "postgresql://db/runhook?user=a&sslpassword=hush&ssl=true,"
        + " postgresql://db/runhook?user=a&sslpassword=…&ssl=true",
    "jdbc:postgresql://db/runhook?password=hush, jdbc:postgresql://db/runhook?password=…"
  })
  void passwords_in_urls_are_masked(String url, String masked) {
    var settings =
        readAll(Map.of("RUNHOOK_DATABASE_URL", url), directory.resolve("none.properties"));

    assertThat(settings)
        .contains(new EffectiveSetting("RUNHOOK_DATABASE_URL", masked, "", false, "environment"));
    assertThat(settings.toString()).doesNotContain("hush");
  }

  @Test
  void invalid_settings_are_rejected() {
    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(
            () -> readAll(Map.of("RUNHOOK_PORT", "http"), directory.resolve("none.properties")));
  }

  private static List<EffectiveSetting> readAll(Map<String, String> environment, Path file) {
    return SettingsReader.read(environment, file).effective();
  }
}
