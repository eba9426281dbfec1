package dev.runhook.bootstrap.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.webhook.Endpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `./runhook webhooks` against the API.
class WebhooksCommandTest {
  private static final String ENDPOINT = "https://hooks.example.com/runs";

  @TempDir private Path folder = Path.of(".");
  private final ServerFixture server = new ServerFixture();
  private final CommandFixture command = new CommandFixture();

  @BeforeEach
  void signIn() {
    command.signIn(server);
    command.run("stacks", "create", "net");
  }

  @AfterEach
  void close() {
    server.close();
  }

  private String createWebhook(String... options) {
    List<String> arguments = new ArrayList<>(List.of("webhooks", "create", "net", ENDPOINT));
    arguments.addAll(List.of(options));
    return command.run(arguments.toArray(String[]::new));
  }

  @Test
  void an_account_webhook_is_previewed_created_edited_and_deleted() throws IOException {
    Path secret = Files.writeString(folder.resolve("secret"), "a-secret-of-16-chars\n");
    command.run("stacks", "create", "db", "--label", "env:prod");

    assertThat(command.run("account-webhooks", "preview", "--labels", "env:prod"))
        .isEqualTo("stacks that match: 1\n  db");
    String id =
        command.run(
            "account-webhooks",
            "create",
            ENDPOINT,
            "--labels",
            "env:prod",
            "--secret-file",
            secret.toString());
    assertThat(command.run("account-webhooks", "secret", id)).isEqualTo("a-secret-of-16-chars");
    assertThat(command.json("webhooks", "list", "-o", "json")).hasSize(1);

    command.run("account-webhooks", "edit", id, "--stacks", "d*,n*", "--states", "failed");
    JsonNode edited = command.json("account-webhooks", "get", id, "-o", "json");
    assertThat(edited.path("selector")).hasToString("{\"labels\":null,\"stacks\":[\"d*\",\"n*\"]}");
    assertThat(edited.at("/copies/active").asInt()).isEqualTo(2);
    command.run("account-webhooks", "disable", id);
    assertThat(command.run("account-webhooks", "list")).contains(ENDPOINT, "d*");
    command.run("account-webhooks", "enable", id);
    command.run("account-webhooks", "edit", id, "--all-stacks");
    command.run("account-webhooks", "rotate", id, "--overlap", "1h");
    assertThat(command.run("account-webhooks", "secret", id)).startsWith("whsec_");
    command.run("account-webhooks", "delete", id, "--yes");
    assertThat(command.json("webhooks", "list", "-o", "json")).isEmpty();
  }

  @Test
  void an_account_webhook_without_copies_is_tested() throws IOException {
    String id = command.run("account-webhooks", "create", ENDPOINT, "--stacks", "none");
    server.transport.enqueue(Endpoint.ofStored(ENDPOINT), Outcome.Responded.of(500));

    assertThat(command.exitCode("account-webhooks", "test", id, "--state", "failed")).isEqualTo(1);
    assertThat(command.out()).startsWith("REJECTED 500 (").contains("status 500 instead of 2xx");
    assertThat(command.run("account-webhooks", "test", id)).startsWith("DELIVERED 200 (");
    assertThat(command.json("deliveries", "list", "-o", "json")).isEmpty();
  }

  @Test
  void a_webhook_is_created_edited_and_deleted() throws IOException {
    Path headers = Files.writeString(folder.resolve("headers"), "X-Api-Key: k-1\n\n");
    String id =
        createWebhook(
            "--states", "finished,failed", "--timeout", "5s", "--headers-file", headers.toString());

    JsonNode created = command.json("webhooks", "get", id, "-o", "json");
    assertThat(created.path("states")).hasToString("[\"FINISHED\",\"FAILED\"]");
    assertThat(created.path("headers")).hasToString("{\"X-Api-Key\":\"***\"}");

    command.run(
        "webhooks",
        "edit",
        id,
        "--name",
        "Chat",
        "--format",
        "cloudevents",
        "--states",
        "all",
        "--timeout",
        "default",
        "--drift-detection",
        "false",
        "--retry-schedule",
        "1s,2s");
    JsonNode edited = command.json("webhooks", "get", id, "--stack", "net", "-o", "json");
    assertThat(edited.path("name").asText()).isEqualTo("Chat");
    assertThat(edited.path("format").asText()).isEqualTo("cloudevents");
    assertThat(edited.path("states")).isEmpty();
    assertThat(edited.path("timeout").isNull()).isTrue();
    assertThat(edited.path("retrySchedule")).hasSize(2);
    assertThat(edited.path("driftDetection").asBoolean(true)).isFalse();
    assertThat(edited.path("headers")).hasSize(1);

    assertThat(command.exitCode("webhooks", "delete", id)).isEqualTo(2);
    assertThat(command.run("webhooks", "delete", id, "--yes")).isEqualTo("deleted webhook " + id);
    assertThat(command.run("webhooks", "list")).isEmpty();
  }

  @Test
  void filters_are_set_and_reset() throws IOException {
    String id =
        createWebhook(
            "--branches",
            "main,release/*,!release/old",
            "--previous-states",
            "planning",
            "--delta",
            "true",
            "--deleted-at-least",
            "1",
            "--resources",
            "destroy:aws_db_instance,module.db.*",
            "--include-changes",
            "true",
            "--stack-labels",
            "prod,Team:Net",
            "--events",
            "webhook_paused,webhook_resumed");

    JsonNode created = command.json("webhooks", "get", id, "-o", "json");
    assertThat(created.path("branches")).hasToString("[\"!release/old\",\"main\",\"release/*\"]");
    assertThat(created.path("previousStates")).hasToString("[\"PLANNING\"]");
    assertThat(created.path("delta").asBoolean(false)).isTrue();
    assertThat(created.path("stackLabels")).hasToString("[\"Team:Net\",\"prod\"]");
    assertThat(created.path("deletedAtLeast").asInt()).isEqualTo(1);
    assertThat(created.path("includeChanges").asBoolean(false)).isTrue();
    assertThat(created.path("resources"))
        .hasToString("[\"destroy:aws_db_instance\",\"module.db.*\"]");
    assertThat(created.path("events")).hasToString("[\"webhook_paused\",\"webhook_resumed\"]");

    command.run(
        "webhooks",
        "edit",
        id,
        "--branches",
        "all",
        "--previous-states",
        "all",
        "--delta",
        "all",
        "--deleted-at-least",
        "default",
        "--resources",
        "all",
        "--include-changes",
        "false",
        "--stack-labels",
        "all",
        "--events",
        "default");
    JsonNode edited = command.json("webhooks", "get", id, "-o", "json");
    assertThat(edited.path("branches")).isEmpty();
    assertThat(edited.path("previousStates")).isEmpty();
    assertThat(edited.path("delta").isNull()).isTrue();
    assertThat(edited.path("stackLabels")).isEmpty();
    assertThat(edited.path("events")).hasToString("[\"run_state_changed\"]");
    assertThat(edited.path("deletedAtLeast").isNull()).isTrue();
    assertThat(edited.path("resources")).isEmpty();
    assertThat(edited.path("includeChanges").asBoolean(true)).isFalse();
    assertThat(command.exitCode("webhooks", "edit", id, "--deleted-at-least", "x")).isEqualTo(2);
    assertThat(command.err()).contains("--deleted-at-least must be an integer or default");
    assertThat(command.exitCode("webhooks", "edit", id, "--delta", "some")).isEqualTo(2);
    assertThat(command.err()).contains("--delta must be true, false or all");
  }

  @Test
  void a_branch_and_a_label_can_be_called_default() throws IOException {
    String id = createWebhook("--branches", "default", "--stack-labels", "default");

    JsonNode created = command.json("webhooks", "get", id, "-o", "json");

    assertThat(created.path("branches")).hasToString("[\"default\"]");
    assertThat(created.path("stackLabels")).hasToString("[\"default\"]");
  }

  @Test
  void a_template_is_read_from_a_file() throws IOException {
    Path file = Files.writeString(folder.resolve("template"), "{\"text\": \"{{title}}\"}");
    String id = createWebhook("--template-file", file.toString());

    JsonNode created = command.json("webhooks", "get", id, "-o", "json");
    command.run("webhooks", "edit", id, "--format", "slack");

    assertThat(created.path("format").asText()).isEqualTo("template");
    assertThat(created.path("template").asText()).isEqualTo("{\"text\": \"{{title}}\"}");
    assertThat(command.json("webhooks", "get", id, "-o", "json").path("template").isNull())
        .isTrue();
    assertThat(command.exitCode("webhooks", "edit", id, "--template-file", "missing")).isEqualTo(2);
  }

  @Test
  void a_secret_is_printed_only_on_request() throws IOException {
    Path file = Files.writeString(folder.resolve("secret"), "a-secret-of-the-user\n");
    String id = createWebhook("--secret-file", file.toString(), "-o", "json");
    assertThat(id).doesNotContain("a-secret-of-the-user").doesNotContain("tandardSecret");
    String webhook = new ObjectMapper().readTree(id).path("id").asText();

    assertThat(command.run("webhooks", "secret", webhook)).isEqualTo("a-secret-of-the-user");
    assertThat(command.run("webhooks", "rotate", webhook))
        .startsWith(
            "rotated the secret of webhook " + webhook + "; the previous one is valid until");
    assertThat(command.run("webhooks", "secret", webhook)).startsWith("whsec_");
  }

  @Test
  void a_short_secret_is_warned_about() throws IOException {
    Path file = Files.writeString(folder.resolve("secret"), "short");

    createWebhook("--secret-file", file.toString());

    assertThat(command.err()).startsWith("runhook: ").contains("16 characters");
  }

  @Test
  void a_webhook_is_disabled_and_enabled() throws IOException {
    String id = createWebhook();

    assertThat(command.run("webhooks", "disable", id)).isEqualTo("disabled webhook " + id);
    assertThat(command.json("webhooks", "get", id, "-o", "json").at("/status/state").asText())
        .isEqualTo("DISABLED");
    assertThat(command.exitCode("webhooks", "resume", id)).isEqualTo(1);
    command.run("webhooks", "enable", id);
    assertThat(command.run("webhooks", "resume", id)).isEqualTo("resumed webhook " + id);
    assertThat(command.run("webhooks", "retry", id)).isEqualTo("retried deliveries: 0");
  }

  @Test
  void skipped_events_are_counted_and_replayed() throws IOException {
    String id = createWebhook("--states", "FAILED");
    command.run(
        "report",
        "--stack",
        "net",
        "--run",
        "r1",
        "--state",
        "QUEUED",
        "--branch",
        "b",
        "--commit",
        "c");

    assertThat(
            command.run(
                "webhooks", "replay", id, "--since", "2h", "--status", "SKIPPED", "--dry-run"))
        .isEqualTo("matching events: 1, erased: 0, would create deliveries: 1");
    JsonNode replay =
        command.json(
            "webhooks",
            "replay",
            id,
            "--run",
            "r1",
            "--state",
            "QUEUED",
            "--status",
            "SKIPPED",
            "-o",
            "json");
    assertThat(replay.path("created").asInt()).isEqualTo(1);
    assertThat(command.run("webhooks", "replay", id, "--since", "last-success"))
        .isEqualTo("matching events: 0, erased: 0, created deliveries: 0");
    assertThat(command.exitCode("webhooks", "replay", id)).isEqualTo(2);
    assertThat(command.err()).contains("set --since or --run");
    assertThat(command.exitCode("webhooks", "replay", id, "--since", "soon")).isEqualTo(2);
  }

  @Test
  void an_unknown_webhook_is_reported_in_one_line() {
    assertThat(command.exitCode("webhooks", "get", "00000000-0000-7000-8000-000000000000"))
        .isEqualTo(1);
    assertThat(command.err())
        .isEqualTo("runhook: no webhook \"00000000-0000-7000-8000-000000000000\" was found");
  }

  @Test
  void a_test_event_prints_the_result_of_its_delivery() {
    String id = createWebhook();
    try (ExecutorService _ = CommandFixture.repeat(server::dispatch)) {
      assertThat(command.run("webhooks", "test", id, "--state", "failed"))
          .matches("DELIVERED 200 \\(\\d+ ms\\)");
      server.transport.enqueue(Endpoint.ofStored(ENDPOINT), Outcome.Responded.of(500));
      assertThat(command.exitCode("webhooks", "test", id)).isEqualTo(1);
    }

    assertThat(command.out()).matches("REJECTED 500 \\(\\d+ ms\\): .+");
  }
}
