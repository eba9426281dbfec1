package dev.runhook.bootstrap.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Tokens in the file of `./runhook apply`.
class ApplyTokensTest {
  private static final String CI =
      "tokens: [{name: ci, role: writer, stacks: [net, web], secretFile: ci-token}]";

  @TempDir private Path folder = Path.of(".");
  @AutoClose private final ServerFixture server = new ServerFixture();
  private final CommandFixture command = new CommandFixture();

  @BeforeEach
  void signIn() {
    command.signIn(server);
  }

  private String apply(String yaml, String... options) throws IOException {
    return run(0, yaml, options);
  }

  private String run(int code, String yaml, String... options) throws IOException {
    Path file = Files.writeString(folder.resolve("webhooks.yaml"), yaml);
    List<String> arguments = new ArrayList<>(List.of("apply", "-f", file.toString()));
    arguments.addAll(List.of(options));
    assertThat(command.exitCode(arguments.toArray(String[]::new)))
        .as(command.err())
        .isEqualTo(code);
    return command.out();
  }

  private String secret() throws IOException {
    return Files.readString(folder.resolve("ci-token")).strip();
  }

  private List<String> active() throws IOException {
    List<String> names = new ArrayList<>();
    for (JsonNode token : command.json("tokens", "list", "-o", "json")) {
      if (token.path("revokedAt").isNull()) {
        names.add(token.path("name").asText() + " " + token.path("role").asText());
      }
    }
    return names;
  }

  @Test
  void a_token_is_created_once_and_its_secret_is_only_in_the_file() throws IOException {
    String printed = apply(CI);

    assertThat(printed)
        .isEqualTo("+ token ci (writer, net, web) in " + folder.resolve("ci-token"))
        .doesNotContain(secret());
    assertThat(Files.getPosixFilePermissions(folder.resolve("ci-token")))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    assertThat(apply(CI.replace("net, web", "web, net"))).isEmpty();
    assertThat(active()).containsExactly("ci writer");
    command.environment.put("RUNHOOK_TOKEN", secret());
    assertThat(command.run("stacks", "list")).isEmpty();
  }

  @Test
  void a_token_with_other_permissions_is_replaced() throws IOException {
    apply(CI);
    String before = secret();

    assertThat(apply(CI.replace("writer", "reader")))
        .isEqualTo(
            """
            + token ci (reader, net, web) in %s
            - token ci (writer, net, web)\
            """
                .formatted(folder.resolve("ci-token")));

    assertThat(active()).containsExactly("ci reader");
    assertThat(secret()).isNotEqualTo(before);
    command.environment.put("RUNHOOK_TOKEN", before);
    assertThat(command.exitCode("stacks", "list")).isEqualTo(1);
  }

  @Test
  void a_dry_run_creates_no_token_and_no_file() throws IOException {
    assertThat(run(3, CI, "--dry-run")).startsWith("+ token ci");

    assertThat(active()).isEmpty();
    assertThat(folder.resolve("ci-token")).doesNotExist();
  }

  @Test
  void only_prune_revokes_other_tokens_and_never_the_one_of_the_command() throws IOException {
    String own = command.run("tokens", "create", "--role", "admin", "--name", "own");
    command.run("tokens", "create", "--role", "reader", "--name", "other");
    command.environment.put("RUNHOOK_TOKEN", own);

    assertThat(apply(CI)).doesNotContain("- token");
    assertThat(apply("stacks: []", "--prune")).isEmpty();
    assertThat(apply("tokens: []", "--prune"))
        .isEqualTo("- token ci (writer, net, web)\n- token other (reader, all stacks)");

    assertThat(active()).containsExactly("own admin");
  }

  @Test
  void a_token_whose_secret_cannot_be_stored_is_revoked() throws IOException {
    Files.createDirectories(folder.resolve("ci-token").resolve("in-the-way"));

    run(2, CI);

    assertThat(command.err())
        .isEqualTo(
            "runhook: %s cannot be written, so the new token was revoked"
                .formatted(folder.resolve("ci-token")));
    assertThat(active()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[{name: a, role: writer}]  | /tokens/0/secretFile is required",
        "[{role: writer, secretFile: t}] | /tokens/0/name is required",
        "[{name: a, role: owner, secretFile: t}] | /tokens/0/role: must be one of reader, writer,"
            + " admin",
        "[{name: a, role: reader, secretFile: t, stacks: [a b]}] | /tokens/0/stacks: a"
            + " stack's id has 1 to 128 letters, digits, dots, underscores and hyphens, and begins"
            + " with a letter or digit",
        "[{name: a, role: reader, secretFile: no/t}] | /tokens/0/secretFile: its directory does not"
            + " exist or is not writable",
        "[{name: a, role: reader, secretFile: t}, {name: a, role: reader, secretFile: u}] |"
            + " /tokens/1/name: \"a\" occurs twice",
        "[{name: a, role: reader, secretFile: t, stacks: net}] | /tokens/0/stacks must be a list",
        "[{name: a, role: reader, secretFile: t, secret: s}] | /tokens/0/secret is unknown; the"
            + " fields are name, role, secretFile, stacks",
        "{a: b}                     | /tokens must be a list",
      })
  void an_invalid_token_is_refused_before_anything_changes(String tokens, String problem)
      throws IOException {
    run(2, "tokens: " + tokens);

    assertThat(command.err())
        .isEqualTo("runhook: " + folder.resolve("webhooks.yaml") + ": " + problem);
  }
}
