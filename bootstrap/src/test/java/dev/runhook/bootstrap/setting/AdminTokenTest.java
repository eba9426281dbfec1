package dev.runhook.bootstrap.setting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdminTokenTest {
  private static final String CONFIGURED = "a-token-of-twenty-four-characters-or-more";

  @TempDir private Path directory;

  @Test
  void the_first_start_generates_and_stores_a_token() throws IOException {
    AdminToken token = AdminToken.loadOrGenerate(settings(Map.of()));

    assertThat(token.generated()).isTrue();
    assertThat(token.secret()).matches("rhk_[0-9A-Za-z]{49}");
    assertThat(token.file()).isEqualTo(dataDir().resolve("admin-token"));
    assertThat(Files.readString(token.file())).isEqualTo(token.secret() + "\n");
  }

  @Test
  void only_the_owner_can_read_the_file() throws IOException {
    AdminToken token = AdminToken.loadOrGenerate(settings(Map.of()));

    assertThat(Files.getPosixFilePermissions(token.file()))
        .isEqualTo(Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE));
  }

  @Test
  void later_starts_load_the_same_token_and_do_not_show_it_again() {
    AdminToken first = AdminToken.loadOrGenerate(settings(Map.of()));

    AdminToken second = AdminToken.loadOrGenerate(settings(Map.of()));

    assertThat(second.secret()).isEqualTo(first.secret());
    assertThat(second.generated()).isFalse();
  }

  @Test
  void a_configured_token_is_used_and_not_stored() {
    AdminToken token =
        AdminToken.loadOrGenerate(settings(Map.of("RUNHOOK_ADMIN_TOKEN", CONFIGURED)));

    assertThat(token.secret()).isEqualTo(CONFIGURED);
    assertThat(token.generated()).isFalse();
    assertThat(token.file()).doesNotExist();
  }

  @Test
  void an_empty_file_is_rejected() throws IOException {
    Files.createDirectories(dataDir());
    Files.writeString(dataDir().resolve("admin-token"), "\n");

    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(() -> AdminToken.loadOrGenerate(settings(Map.of())))
        .withMessageContaining("admin-token")
        .withMessageContaining("RUNHOOK_ADMIN_TOKEN");
  }

  @Test
  void an_unwritable_data_directory_is_a_configuration_problem() throws IOException {
    Files.writeString(dataDir(), "a file instead of a directory");

    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(() -> AdminToken.loadOrGenerate(settings(Map.of())))
        .withMessageContaining("admin-token");
  }

  @Test
  void the_text_form_contains_no_token() {
    AdminToken token =
        AdminToken.loadOrGenerate(settings(Map.of("RUNHOOK_ADMIN_TOKEN", CONFIGURED)));

    assertThat(token.toString()).doesNotContain(CONFIGURED);
  }

  private Path dataDir() {
    return directory.resolve("data");
  }

  private Settings settings(Map<String, String> more) {
    Map<String, String> variables = new HashMap<>(more);
    variables.put("RUNHOOK_DATA_DIR", dataDir().toString());
    return SettingsReader.read(variables);
  }
}
