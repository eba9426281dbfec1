package dev.runhook.bootstrap.setting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretFileTest {
  private static final String TOKEN = "a-token-of-twenty-four-characters-or-more";

  @TempDir private Path directory = Path.of(".");

  @Test
  void secrets_are_read_from_files() throws IOException {
    Settings settings =
        SettingsReader.read(
            Map.of(
                "RUNHOOK_ADMIN_TOKEN_FILE", file(TOKEN + "\n"),
                "RUNHOOK_DATABASE_URL_FILE", file("postgresql://runhook:hush@db/runhook\r\n"),
                "RUNHOOK_DATABASE_PASSWORD_FILE", file("more=hush")));

    assertThat(settings.find(SettingDefinitions.ADMIN_TOKEN)).contains(TOKEN);
    DatabaseSettings database = settings.database().orElseThrow();
    assertThat(database.jdbcUrl()).isEqualTo("jdbc:postgresql://db/runhook");
    assertThat(database.password()).contains("more=hush");
  }

  @Test
  void runhook_properties_can_name_the_file() throws IOException {
    Path properties = directory.resolve("runhook.properties");
    Files.writeString(properties, "runhook.admin.token.file=" + file(TOKEN) + "\n");

    Settings settings = SettingsReader.read(Map.of(), properties);

    assertThat(settings.find(SettingDefinitions.ADMIN_TOKEN)).contains(TOKEN);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"RUNHOOK_ADMIN_TOKEN", "RUNHOOK_DATABASE_PASSWORD", "RUNHOOK_DATABASE_URL"})
  void setting_both_a_secret_and_its_file_is_a_problem(String variable) throws IOException {
    List<String> problems =
        problemsOf(
            Map.of(
                variable,
                "hush",
                variable + "_FILE",
                file("hush"),
                "RUNHOOK_DATABASE_USER",
                "runhook"));

    assertThat(problems)
        .anySatisfy(problem ->
            assertThat(problem)
                .startsWith(variable + "_FILE and " + variable + " are both set")
                .doesNotContain("hush"));
  }

  @Test
  void a_missing_file_is_reported_with_its_variable() {
    assertThat(problemsOf(Map.of("RUNHOOK_ADMIN_TOKEN_FILE", "/nowhere/token")))
        .containsExactly("RUNHOOK_ADMIN_TOKEN_FILE names /nowhere/token, which does not exist");
  }

  @Test
  void a_directory_is_rejected() {
    assertThat(problemsOf(Map.of("RUNHOOK_ADMIN_TOKEN_FILE", directory.toString())))
        .singleElement()
        .asString()
        .startsWith("RUNHOOK_ADMIN_TOKEN_FILE names " + directory + ", which cannot be read");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " \n", "hush\nhush\n", "hush", "hush with spaces in it, and long"})
  void invalid_content_is_reported_without_quoting_it(String content) throws IOException {
    List<String> problems = problemsOf(Map.of("RUNHOOK_ADMIN_TOKEN_FILE", file(content)));

    assertThat(problems)
        .singleElement()
        .asString()
        .startsWith("RUNHOOK_ADMIN_TOKEN_FILE ")
        .doesNotContain("hush");
  }

  @Test
  void binary_and_large_files_are_rejected() throws IOException {
    Path binary = directory.resolve("binary");
    Files.write(binary, new byte[] {(byte) 0xc3, 0x28});

    assertThat(problemsOf(Map.of("RUNHOOK_ADMIN_TOKEN_FILE", binary.toString())))
        .singleElement()
        .asString()
        .endsWith("which is not UTF-8 text");
    assertThat(problemsOf(Map.of("RUNHOOK_ADMIN_TOKEN_FILE", file("x".repeat(70_000)))))
        .singleElement()
        .asString()
        .endsWith("which is larger than 64 KiB");
  }

  @Test
  void only_secrets_can_come_from_a_file() throws IOException {
    assertThat(problemsOf(Map.of("RUNHOOK_PORT_FILE", file("80"))))
        .containsExactly(
            "RUNHOOK_PORT_FILE is not a setting of Runhook; see docs/configuration.md");
  }

  private String file(String content) throws IOException {
    Path file = Files.createTempFile(directory, "secret", "");
    Files.writeString(file, content, StandardCharsets.UTF_8);
    return file.toString();
  }

  private static List<String> problemsOf(Map<String, String> variables) {
    ConfigurationException thrown =
        catchThrowableOfType(ConfigurationException.class, () -> SettingsReader.read(variables));
    return Objects.requireNonNull(thrown, "no problem").problems();
  }
}
