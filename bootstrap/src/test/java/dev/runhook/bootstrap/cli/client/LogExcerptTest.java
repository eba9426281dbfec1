package dev.runhook.bootstrap.cli.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.domain.text.TextLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogExcerptTest {
  @TempDir private Path folder;

  private String read(String log, int lines, Map<String, String> environment) throws IOException {
    return LogExcerpt.read(
        Files.writeString(folder.resolve("log"), log), lines, environment, List.of());
  }

  private String read(String log) throws IOException {
    return read(log, 20, Map.of());
  }

  @Test
  void the_last_lines_that_are_not_blank_are_kept() throws IOException {
    assertThat(read("one\ntwo\r\n\n  \nthree\n", 2, Map.of())).isEqualTo("two\nthree");
    assertThat(read("")).isEmpty();
  }

  @Test
  void colors_progress_and_control_characters_are_removed() throws IOException {
    assertThat(read("\u001b[31m\u001b[1mError:\u001b[0m no \u0007key\u001b]0;title\u0007 found"))
        .isEqualTo("Error: no key found");
    assertThat(read("10 %\r50 %\r100 %\ndone")).isEqualTo("100 %\ndone");
  }

  @Test
  void the_values_of_secret_variables_are_masked() throws IOException {
    Map<String, String> environment =
        Map.of(
            "DB_PASSWORD", "hunter2-hunter2",
            "TF_VAR_api_key", "abc123",
            "SSH_PRIVATE", "first-line\nsecond-line",
            "CI_COMMIT_AUTHOR", "Octo Cat",
            "DEBUG_TOKEN", "true");

    assertThat(read("pw hunter2-hunter2 abc123x, second-line by Octo Cat: true", 20, environment))
        .isEqualTo("pw *** ***x, *** by Octo Cat: true");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ghp_0123456789abcdefghij0123456789abcdef",
        "github_pat_0123456789abcdefghij_0123456789",
        "glpat-0123456789abcdefghij",
        "xoxb-1234567890-abcdefghij",
        "AKIAIOSFODNN7EXAMPLE",
        "hvs.0123456789abcdefghij",
        "rhk_0123456789abcdefghij",
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.sflKxwRJSMeKKF2QT4",
      })
  void tokens_with_a_known_prefix_are_masked(String token) throws IOException {
    assertThat(read("token=" + token + ".")).isEqualTo("token=***.");
  }

  @Test
  void keys_and_passwords_are_masked() throws IOException {
    assertThat(
            read(
                """
                -----BEGIN RSA PRIVATE KEY-----
                MIIEow
                -----END RSA PRIVATE KEY-----
                > Authorization: Bearer abcdefgh.123
                fatal: https://user:pass@example.com/x.git
                """))
        .isEqualTo(
            """
            ***
            > Authorization: Bearer ***
            fatal: https://***@example.com/x.git\
            """);
    assertThat(read("-----BEGIN PRIVATE KEY-----\nMIIEow")).isEqualTo("***");
  }

  @Test
  void a_note_has_room_for_the_end_of_a_large_log() throws IOException {
    String log = "x".repeat(100) + "\n";
    String read = read(log.repeat(100_000) + "the end", 1000, Map.of());

    assertThat(read).endsWith("\nthe end").hasSizeLessThanOrEqualTo(TextLimits.MAX_TEXT);
    assertThat(read("y".repeat(1_000_000)).length()).isEqualTo(TextLimits.MAX_TEXT);
    assertThat(read("a\n" + "y".repeat(10_000)).length()).isEqualTo(TextLimits.MAX_TEXT);
  }

  @Test
  void bytes_that_are_no_text_are_replaced() throws IOException {
    Path file = Files.write(folder.resolve("log"), new byte[] {'a', (byte) 0xff, 0, 'b'});

    assertThat(LogExcerpt.read(file, 20, Map.of(), List.of())).isEqualTo("a\ufffdb");
  }
}
