package dev.runhook.bootstrap.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.runhook.client.RunhookClient;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.text.Printable;
import dev.runhook.domain.webhook.Endpoint;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The commands that call a server, against the API.
class ApiCommandsTest {
  @TempDir private Path folder = Path.of(".");
  private static final String ENDPOINT = "https://hooks.example.com/runs";
  private static final String NO_ID = "00000000-0000-7000-8000-000000000000";

  private final ServerFixture server = new ServerFixture();
  private final CommandFixture command = new CommandFixture();

  @BeforeEach
  void signIn() {
    command.signIn(server);
    command.run("stacks", "create", "net", "--name", "Networking", "--label", "prod");
  }

  @AfterEach
  void close() {
    server.close();
  }

  private void createWebhook() {
    command.run("webhooks", "create", "net", ENDPOINT);
  }

  private void report(String state) {
    command.run(
        "report",
        "--stack",
        "net",
        "--run",
        "r-1",
        "--state",
        state,
        "--branch",
        "main",
        "--commit",
        "0ee3f1c");
  }

  @Test
  void a_table_is_aligned_and_shows_a_dash_for_nothing() {
    command.run("stacks", "create", "billing-service");

    assertThat(command.lines("stacks", "list"))
        .containsExactly(
            "ID               NAME             LABELS  LATEST RUN  STATE  WEBHOOKS  HEALTH  PENDING  FAILED 24H",
            "billing-service  billing-service  -       -           -      0         IDLE    0        0",
            "net              Networking       prod    -           -      0         IDLE    0        0");
  }

  @Test
  void json_and_yaml_have_the_fields_of_the_api() throws IOException {
    JsonNode list = command.json("stacks", "list", "-o", "json");
    JsonNode yaml = new YAMLMapper().readTree(command.run("stacks", "list", "-o", "yaml"));

    assertThat(list).hasSize(1);
    assertThat(list.at("/0/webhooks/total").asInt()).isZero();
    assertThat(yaml).isEqualTo(list);
    assertThat(command.run("stacks", "get", "net", "-o", "yaml")).startsWith("id: \"net\"\n");
  }

  @Test
  void why_explains_a_run_for_the_webhooks_that_are_named() {
    command.run("webhooks", "create", "net", ENDPOINT, "--name", "Slack", "--states", "FAILED");
    command.run("webhooks", "create", "net", ENDPOINT + "/all", "--name", "Audit");
    report("QUEUED");

    assertThat(command.lines("why", "slack", "r-1"))
        .containsExactly(
            "STACK  RUN  STATE   VERSION  WEBHOOK  STATUS    WHY",
            "net    r-1  QUEUED  1        Slack    not sent  not sent: the webhook wants only the"
                + " states FAILED, but this is QUEUED");
    assertThat(command.lines("why", "r-")).hasSize(3);
    assertThat(command.lines("why", "networking"))
        .containsExactly("STACK  NAME", "net    Networking");
    assertThat(command.exitCode("why", "unknown")).isEqualTo(1);
    assertThat(command.err()).isEqualTo("runhook: nothing has all of these terms: unknown");
  }

  @Test
  void an_empty_list_prints_nothing_but_a_message() {
    assertThat(command.run("runs", "list")).isEmpty();
    assertThat(command.err()).isEqualTo("runhook: nothing found");
    assertThat(command.run("runs", "list", "-o", "json")).isEqualTo("[ ]");
    assertThat(command.err()).isEmpty();
  }

  @Test
  void a_list_is_read_to_the_limit_or_to_the_end() throws IOException {
    try (RunhookClient client = RunhookClient.of(URI.create(server.url()), ServerFixture.ADMIN)) {
      IntStream.range(0, 210)
          .mapToObj(i -> Stack.named(client.stack("s-" + i), "Stack"))
          .forEach(client::register);
    }

    assertThat(command.json("stacks", "list", "-o", "json")).hasSize(50);
    assertThat(command.err()).isEqualTo("runhook: there are more than 50; see --limit and --all");
    assertThat(command.json("stacks", "list", "-L", "205", "-o", "json")).hasSize(205);
    assertThat(command.json("stacks", "list", "--all", "-o", "json")).hasSize(211);
    assertThat(command.err()).isEmpty();
  }

  @Test
  void filters_are_sent_as_they_are_typed() {
    command.run("stacks", "create", "odd", "--label", "a&b=c d");

    assertThat(command.lines("stacks", "list", "--label", "a&b=c d")).hasSize(2);
    assertThat(command.lines("stacks", "list", "--search", "work")).hasSize(2);
  }

  @Test
  void the_first_report_creates_the_run() {
    report("QUEUED");
    assertThat(command.out()).isEqualTo("QUEUED is version 1 of run r-1 on net");
    report("PREPARING");
    assertThat(command.out()).isEqualTo("PREPARING is version 2 of run r-1 on net");

    assertThat(command.lines("runs", "get", "net", "r-1"))
        .anyMatch(line -> line.matches("branch +main"))
        .anyMatch(line -> line.matches("commit.hash +0ee3f1c"))
        .anyMatch(line -> line.matches("PREPARING +2 +\\S+Z +true +-"));
    assertThat(command.lines("runs", "list", "--state", "preparing")).hasSize(2);
  }

  @Test
  void a_report_reads_the_variables_of_the_job() throws IOException {
    command.environment.put("GITHUB_ACTIONS", "true");
    command.environment.put("GITHUB_SHA", "0ee3f1c");
    command.environment.put("GITHUB_REF_NAME", "main");

    command.run(
        "report",
        "--stack",
        "new",
        "--create-stack",
        "--run",
        "r-1",
        "--state",
        "APPLYING",
        "--note",
        "go",
        "--added",
        "3");

    JsonNode run = command.json("runs", "get", "new", "r-1", "-o", "json");
    assertThat(run.at("/commit/hash").asText()).isEqualTo("0ee3f1c");
    assertThat(run.at("/branch").asText()).isEqualTo("main");
    assertThat(run.at("/delta/added").asInt()).isEqualTo(3);
    assertThat(run.at("/transitions/0/note").asText()).isEqualTo("go");
  }

  private static final String PLAN =
      """
      {"format_version":"1.2","variables":{"password":{"value":"hunter2-hunter2"}},
       "planned_values":{"root_module":{}},
       "resource_changes":[
         {"address":"aws_db_instance.main","mode":"managed","type":"aws_db_instance","name":"main",
          "change":{"actions":["delete"],"before":{"password":"s3cret-of-db","tags":{"a":"public-tag"}},
            "after":null,"before_sensitive":{"password":true,"tags":{}},"after_sensitive":false}}],
       "configuration":{"root_module":{"variables":{"password":{"sensitive":true}}}}}
      """;

  private JsonNode reported(String plan) throws IOException {
    Path file = Files.writeString(folder.resolve("plan.json"), plan);
    Path log =
        Files.writeString(
            folder.resolve("log"), "Error: s3cret-of-db of hunter2-hunter2, public-tag");
    command.environment.put("GITHUB_ACTIONS", "true");
    command.environment.put("GITHUB_SHA", "0ee3f1c");
    command.environment.put("GITHUB_REF_NAME", "main");
    command.run(
        "report",
        "--stack",
        "net",
        "--run",
        "planned",
        "--state",
        "UNCONFIRMED",
        "--note-file",
        log.toString(),
        "--plan-json",
        file.toString());
    return command.json("runs", "get", "net", "planned", "-o", "json");
  }

  @Test
  void a_report_reads_a_plan_and_masks_its_secrets_in_the_log() throws IOException {
    JsonNode run = reported(PLAN);

    assertThat(run.path("delta"))
        .hasToString("{\"added\":0,\"changed\":0,\"deleted\":1,\"resources\":0}");
    assertThat(run.at("/transitions/0/changeCount").asInt()).isEqualTo(1);
    assertThat(run.at("/transitions/0/note").asText()).isEqualTo("Error: *** of ***, public-tag");
  }

  /// Its secrets could be in the log.
  @ParameterizedTest
  @ValueSource(strings = {"{\"format_version\":\"1.2\"", "[]", "{\"values\":{}}"})
  void a_state_is_reported_without_a_plan_that_cannot_be_read(String plan) throws IOException {
    JsonNode run = reported(plan);

    assertThat(run.path("state").asText()).isEqualTo("UNCONFIRMED");
    assertThat(run.path("delta").isNull()).isTrue();
    assertThat(run.at("/transitions/0/note").isNull()).isTrue();
  }

  @Test
  void a_report_says_what_is_missing() {
    assertThat(command.exitCode("report", "--stack", "x", "--run", "r", "--state", "QUEUED"))
        .isEqualTo(1);
    assertThat(command.err())
        .isEqualTo("runhook: there is no stack \"x\"; create it with --create-stack");

    assertThat(command.exitCode("report", "--stack", "net", "--run", "r", "--state", "QUEUED"))
        .isEqualTo(2);
    assertThat(command.err())
        .isEqualTo(
            "runhook: the run r does not exist; to create it, set --branch; see ./runhook report"
                + " --help");
  }

  @Test
  void deliveries_are_listed_explained_and_sent_again() throws IOException {
    createWebhook();
    server.transport.enqueue(Endpoint.ofStored(ENDPOINT), Outcome.Responded.of(500));
    report("QUEUED");
    server.dispatch();

    List<String> list = command.lines("deliveries", "list", "--status", "pending");
    assertThat(list).hasSize(2).last().asString().contains(" net ", " PENDING ", "REJECTED  500 ");
    assertThat(command.lines("deliveries", "list", "--kind", "run_state_changed")).isEqualTo(list);
    assertThat(command.lines("deliveries", "list", "--kind", "ping"))
        .doesNotContain(list.getLast());
    String delivery = list.getLast().split(" ", 2)[0];
    assertThat(command.lines("deliveries", "get", delivery))
        .anyMatch(line -> line.matches("1 +\\S+Z +\\d+ +REJECTED +500 +.*"))
        .anyMatch(line -> line.startsWith("created at "))
        .noneMatch(line -> line.startsWith("request"));
    assertThat(command.lines("runs", "explain", "net", "r-1"))
        .last()
        .asString()
        .matches("QUEUED +1 +" + ENDPOINT + " +PENDING +.*");

    assertThat(command.exitCode("deliveries", "redeliver", delivery)).isEqualTo(1);
    assertThat(command.run("deliveries", "retry", delivery))
        .isEqualTo("retried delivery " + delivery);
    server.dispatch();
    assertThat(command.run("deliveries", "redeliver", delivery)).startsWith("created delivery ");
  }

  @Test
  void waiting_deliveries_are_canceled() {
    createWebhook();
    server.transport.respondByDefault(Endpoint.ofStored(ENDPOINT), Outcome.Responded.of(500));
    report("QUEUED");
    server.dispatch();
    report("PREPARING");
    List<String> waiting = command.lines("deliveries", "list", "--status", "pending");
    String head = waiting.getLast().split(" ", 2)[0];
    String webhook = command.lines("webhooks", "list").getLast().split(" ", 2)[0];

    assertThat(command.run("deliveries", "cancel", head, "--reason", "replaced"))
        .isEqualTo("canceled delivery " + head);
    assertThat(command.lines("deliveries", "get", head))
        .anyMatch(line -> line.endsWith(": replaced"));
    assertThat(command.exitCode("deliveries", "cancel", head)).isEqualTo(1);
    assertThat(command.run("webhooks", "cancel", webhook, "--run", "r-1", "--dry-run"))
        .isEqualTo("would cancel deliveries: 1");
    assertThat(command.run("deliveries", "cancel-all", "--stack", "net", "--dry-run"))
        .isEqualTo("would cancel deliveries: 1");
    assertThat(command.run("deliveries", "cancel-all", "--state", "FINISHED"))
        .isEqualTo("canceled deliveries: 0");
    assertThat(command.run("webhooks", "cancel", webhook, "--since", "1h", "--reason", "replaced"))
        .isEqualTo("canceled deliveries: 1");
    assertThat(command.lines("deliveries", "list", "--status", "canceled")).hasSize(3);
  }

  @Test
  void the_end_of_the_list_of_deliveries_is_followed() {
    createWebhook();
    report("QUEUED");
    CommandFixture tail = new CommandFixture();
    tail.environment.putAll(command.environment);
    try (ExecutorService _ = CommandFixture.repeat(this::deliverAndReport)) {
      assertThat(tail.lines("deliveries", "tail", "--stack", "net", "--count", "1"))
          .singleElement()
          .asString()
          .matches("(PENDING|DELIVERED) .* net r-1 .*");
    }
  }

  private void deliverAndReport() {
    server.dispatch();
    report("PREPARING");
  }

  @Test
  void tokens_are_created_listed_and_revoked() throws IOException {
    String secret = command.run("token", "create", "--role", "writer", "--stack", "net");
    assertThat(secret).matches("rhk_[0-9A-Za-z]{49}");
    assertThat(command.err()).matches("runhook: created token \\S+ with role writer for net; .*");

    List<String> list = command.lines("tokens", "list");
    assertThat(list).last().asString().matches("\\S+ +writer +\\S+Z +never +never +- +writer +net");
    String id = list.getLast().split(" ", 2)[0];
    command.run("tokens", "revoke", id);
    assertThat(command.json("tokens", "list", "-o", "json").at("/0/revokedAt").isNull()).isFalse();

    command.environment.put("RUNHOOK_TOKEN", secret);
    assertThat(command.exitCode("stacks", "list")).isEqualTo(1);
    assertThat(command.err())
        .isEqualTo(
            "runhook: the server does not accept the token; check it, and run ./runhook login");
  }

  @Test
  void a_sign_in_link_is_printed_instead_of_its_token() throws IOException {
    String link = command.run("token", "create", "--sign-in-link", "--role", "reader");
    String week = command.run("token", "create", "--role", "reader", "--sign-in-link", "7d");

    String url = command.environment.getOrDefault("RUNHOOK_URL", "");
    assertThat(link).startsWith(url + "/#/sign-in/").doesNotContain("rhk_");
    assertThat(week).matches(".*/#/sign-in/[A-Za-z0-9_-]{43}").isNotEqualTo(link);
    assertThat(
            command
                .json("token", "create", "--role", "reader", "--sign-in-link", "-o", "json")
                .at("/signInLink/path")
                .asText())
        .matches("/#/sign-in/[A-Za-z0-9_-]{43}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "stacks get no-such",
        "runs get net no-such",
        "deliveries get " + NO_ID,
        "tokens revoke " + NO_ID,
        "webhooks create net not-a-url",
        "webhooks create net http://169.254.169.254/"
      })
  void a_refused_request_exits_with_1_and_one_line(String line) {
    assertThat(command.exitCode(line.split(" "))).isEqualTo(1);
    assertThat(command.err().lines()).singleElement().asString().matches("runhook: .{15,}");
    assertThat(command.out()).isEmpty();
  }

  @Test
  void a_deleted_stack_needs_a_confirmation() {
    assertThat(command.exitCode("stacks", "delete", "net")).isEqualTo(2);
    assertThat(command.err()).contains("confirm with --yes");

    assertThat(command.run("stacks", "delete", "net", "--yes")).isEqualTo("deleted stack net");
    assertThat(command.exitCode("stacks", "get", "net")).isEqualTo(1);
  }

  @Test
  void text_from_a_server_cannot_hide_or_reorder_text() throws IOException {
    String name = "a\u202eb\u2066c\u200bd\u2028e\u0085";
    command.run("stacks", "create", "odd", "--name", name);

    for (String format : List.of("table", "json", "yaml")) {
      assertThat(command.run("stacks", "get", "odd", "-o", format))
          .contains("a\\u202eb\\u2066c\\u200bd\\")
          .matches(text ->
              text.lines().allMatch(line -> line.codePoints().allMatch(Printable::isPrintable)));
    }
    assertThat(command.json("stacks", "get", "odd", "-o", "json").path("name").asText())
        .isEqualTo(name);
    assertThat(
            new YAMLMapper()
                .readTree(command.run("stacks", "get", "odd", "-o", "yaml"))
                .path("name")
                .asText())
        .isEqualTo(name);
    assertThat(command.exitCode("stacks", "get", "no\u202ene")).isOne();
    assertThat(command.err().codePoints()).allMatch(Printable::isPrintable);
  }

  @Test
  void text_from_a_server_cannot_control_the_terminal() {
    command.run("stacks", "create", "odd", "--name", "a\u001b[2Jb");

    assertThat(command.run("stacks", "list", "--search", "odd")).doesNotContain("\u001b");
  }
}
