package dev.runhook.systemtests.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runhook.systemtests.fixture.ApiClient;
import dev.runhook.systemtests.fixture.RunhookProcess;
import dev.runhook.systemtests.fixture.ServerInstallation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Runs the commands of `docs/operations/rotation.md`.
class RotationDocIT {
  private static final Path DOCUMENT = Path.of("..", "docs", "operations", "rotation.md");
  private static final Pattern COMMANDS = Pattern.compile("(?s)```sh\n(.*?)```");
  private static final String PRELUDE =
      "set -euo pipefail\ncurl() { command curl -sS --fail-with-body \"$@\"; echo; }\n";

  @TempDir private Path folder;
  private ServerInstallation installation = new ServerInstallation(Path.of("."), Map.of());

  @AfterEach
  void close() {
    installation.close();
  }

  @Test
  void the_commands_rotate_a_secret_and_a_token() throws Exception {
    installation =
        ServerInstallation.withPreparedDatabase(
            folder, Map.of("RUNHOOK_ALLOWED_NETWORKS", "127.0.0.0/8"));
    RunhookProcess server = installation.serve();
    ApiClient admin = installation.client(server);
    admin.putStack("demo");
    String webhook = admin.createWebhook("demo", "http://127.0.0.1:9/hooks", "the secret before");
    JsonNode old =
        admin.post("/tokens", "{\"name\":\"CI\",\"role\":\"writer\"}").requireSuccess().json();
    Map<String, String> variables =
        Map.of(
            "api",
            server.url() + "/api/v1",
            "auth",
            "Authorization: Bearer " + installation.token(),
            "json",
            "Content-Type: application/json",
            "stack",
            "demo",
            "webhook",
            webhook,
            "old",
            old.path("id").asText());
    List<String> commands =
        COMMANDS.matcher(Files.readString(DOCUMENT)).results().map(this::text).toList();
    assertThat(commands).hasSize(3);

    run(commands.get(0), variables);
    JsonNode changed = admin.get("/stacks/demo/webhooks/" + webhook + "/secret").json();
    assertThat(changed.path("secret").asText()).startsWith("whsec_");
    assertThat(changed.path("previousSecretExpiresAt").isNull()).isFalse();

    run(commands.get(1), variables);
    JsonNode ended = admin.get("/stacks/demo/webhooks/" + webhook).json();
    assertThat(ended.path("previousSecretExpiresAt").isNull()).isTrue();

    ApiClient before = new ApiClient(server.url(), old.path("token").asText());
    before.get("/stacks").requireSuccess();
    run(commands.get(2), variables);
    assertThat(before.get("/stacks").status()).isEqualTo(401);
    assertThat(admin.get("/tokens").json().path("items"))
        .filteredOn(token -> token.path("revokedAt").isNull())
        .extracting(token -> token.path("name").asText())
        .containsExactly("CI");
  }

  private String text(MatchResult block) {
    return block.group(1);
  }

  private void run(String commands, Map<String, String> variables)
      throws IOException, InterruptedException {
    Path output = folder.resolve("said");
    ProcessBuilder builder =
        new ProcessBuilder("bash", "-c", PRELUDE + commands)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().putAll(variables);
    Process process = builder.start();
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(output)).isZero();
  }
}
