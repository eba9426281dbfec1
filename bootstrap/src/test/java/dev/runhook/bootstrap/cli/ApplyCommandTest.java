package dev.runhook.bootstrap.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// `./runhook apply` against the API.
class ApplyCommandTest {
  private static final String NET =
      """
      stacks:
        - id: net
          name: Networking
          webhooks:
            - endpoint: https://hooks.example.com/chat?key=hush
              states: [FINISHED, FAILED]
              previousStates: [PLANNING, APPLYING]
              branches: [main, release/*, "!release/old"]
              delta: true
              deletedAtLeast: 1
              resources: ["destroy:aws_db_instance", "module.db.*"]
              includeChanges: true
              stackLabels: [prod, eu]
              events: [webhook_paused, run_state_changed, delivery_failed]
              format: slack
              timeout: 5s
              maxPerMinute: 30
              collapse: true
              secret: {env: CHAT_SECRET}
              headers:
                X-Api-Key: {file: api-key}
      """;

  /// More webhooks together than a page of a list.
  private static final int STACKS = 50;

  private static final int WEBHOOKS = 5;

  @TempDir private Path folder = Path.of(".");
  private final ServerFixture server = new ServerFixture();
  private final CommandFixture command = new CommandFixture();

  @BeforeEach
  void prepare() throws IOException {
    command.signIn(server);
    command.environment.put("CHAT_SECRET", "a-secret-of-the-chat");
    Files.writeString(folder.resolve("api-key"), "k-1\n");
  }

  @AfterEach
  void close() {
    server.close();
  }

  private String file(String yaml) throws IOException {
    return Files.writeString(folder.resolve("webhooks.yaml"), yaml).toString();
  }

  private String apply(String yaml, String... options) throws IOException {
    return run(0, yaml, options);
  }

  private String run(int code, String yaml, String... options) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("apply", "-f", file(yaml)));
    arguments.addAll(List.of(options));
    assertThat(command.exitCode(arguments.toArray(String[]::new)))
        .as(command.err())
        .isEqualTo(code);
    return command.out();
  }

  @Test
  void account_webhooks_are_created_changed_and_pruned() throws IOException {
    String all =
        """
        accountWebhooks:
          - selector: {labels: "env:prod and not tier:sandbox", stacks: [net*]}
            endpoint: https://hooks.example.com/all
            states: [FAILED]
            secret: {env: CHAT_SECRET}
        stacks:
          - {id: net, labels: ["env:prod"]}
          - {id: db, labels: ["env:prod"]}
        """;

    assertThat(apply(all))
        .isEqualTo("+ stack net\n+ stack db\n+ account webhook https://hooks.example.com/all");
    assertThat(apply(all)).isEmpty();
    JsonNode copy = command.json("webhooks", "list", "-o", "json").path(0);
    assertThat(copy.path("stack").asText()).isEqualTo("net");
    assertThat(copy.path("accountWebhook").isTextual()).isTrue();

    assertThat(apply(all.replace(", stacks: [net*]", "")))
        .startsWith("~ account webhook https://hooks.example.com/all\n    selector: ");
    assertThat(command.json("webhooks", "list", "-o", "json")).hasSize(2);
    assertThat(apply("stacks: [{id: net, labels: ['env:prod']}]", "--prune")).isEmpty();
    assertThat(apply("accountWebhooks: []", "--prune"))
        .isEqualTo("- account webhook https://hooks.example.com/all");
    assertThat(command.json("webhooks", "list", "-o", "json")).isEmpty();
  }

  @Test
  void an_exported_file_changes_nothing() throws IOException {
    String yaml =
        """
        accountWebhooks:
          - selector: {labels: "env:prod", stacks: [net*]}
            endpoint: https://hooks.example.com/all
        stacks:
          - id: net
            name: Networking
            labels: ["env:prod"]
            webhooks:
              - {endpoint: https://hooks.example.com/chat, name: Chat, states: [FAILED],
                 branches: ["!wip/**"], timeout: 5s, retrySchedule: [10s, 1m], enabled: false}
              - {endpoint: https://hooks.example.com/t, template: '{"a": "{{title}}"}', delta: false}
          - {id: db}
        """;
    apply(yaml);

    String exported = command.run("apply", "--export");

    assertThat(exported)
        .contains("id: \"db\"", "enabled: false", "delta: false")
        .doesNotContain("secret", "previousStates", "name: \"db\"");
    assertThat(run(0, exported, "--dry-run")).isEmpty();
    assertThat(command.json("apply", "--export", "-o", "json").path("stacks")).hasSize(2);
    assertThat(command.exitCode("apply")).isEqualTo(2);
    assertThat(command.exitCode("apply", "--export", "-f", file(yaml))).isEqualTo(2);
  }

  @Test
  void a_format_and_the_secret_that_it_requires_are_changed_together() throws IOException {
    String pagerDuty = NET.replace("slack", "pagerduty");
    apply(NET);
    assertThat(run(1, pagerDuty)).isEmpty();
    assertThat(command.err()).contains("32 letters and digits");

    command.environment.put("CHAT_SECRET", "R".repeat(32));

    assertThat(apply(pagerDuty))
        .contains("format: \"slack\" -> \"pagerduty\"", "secret, without an overlap")
        .doesNotContain("RRR");
    assertThat(apply(pagerDuty)).isEmpty();
    command.environment.put("CHAT_SECRET", "a-secret-of-the-chat");
    apply(NET);
    assertThat(apply(NET)).isEmpty();
  }

  @Test
  void a_stack_and_its_webhook_are_created_and_a_repetition_changes_nothing() throws IOException {
    assertThat(apply(NET))
        .isEqualTo("+ stack net\n+ webhook net https://hooks.example.com/chat")
        .doesNotContain("hush");
    assertThat(command.err()).isEqualTo("runhook: changes: 2");

    assertThat(apply(NET)).isEmpty();
    assertThat(command.err()).isEqualTo("runhook: nothing to change");
    JsonNode webhook = command.json("webhooks", "list", "-o", "json").path(0);
    assertThat(webhook.path("timeout").asText()).isEqualTo("PT5S");
    assertThat(webhook.path("headers").has("X-Api-Key")).isTrue();
    assertThat(command.run("webhooks", "secret", webhook.path("id").asText()))
        .isEqualTo("a-secret-of-the-chat");
  }

  @Test
  void changed_fields_are_shown_and_sent() throws IOException {
    apply(NET);
    Files.writeString(folder.resolve("api-key"), "k-2\n");
    command.environment.put("CHAT_SECRET", "another-secret-of-the-chat");

    assertThat(
            apply(
                NET.replace("5s", "7s")
                    .replace("format: slack", "template: '{\"text\": \"{{title}}\"}'")
                    .replace("Networking", "Network")))
        .isEqualTo(
            """
            ~ stack net
                name: "Networking" -> "Network"
            ~ webhook net https://hooks.example.com/chat
                format: "slack" -> "template"
                template: null -> "{\\"text\\": \\"{{title}}\\"}"
                timeout: "PT5S" -> "PT7S"
                headers
            ~ webhook net https://hooks.example.com/chat
                secret, with an overlap of 24 h\
            """);
    assertThat(command.out()).doesNotContain("another-secret");
    assertThat(command.json("stacks", "get", "net", "-o", "json").path("name").asText())
        .isEqualTo("Network");
    assertThat(command.json("webhooks", "list", "-o", "json").at("/0/timeout").asText())
        .isEqualTo("PT7S");
  }

  @Test
  void a_webhook_with_an_external_id_keeps_its_history_when_its_endpoint_changes()
      throws IOException {
    String yaml =
        """
        stacks:
          - id: net
            webhooks:
              - {endpoint: "https://hooks.example.com/old", externalId: chat, maxPerSecond: 5}
        """;
    apply(yaml);
    String id = command.json("webhooks", "list", "-o", "json").path(0).path("id").asText();

    String changed = apply(yaml.replace("/old", "/new"), "--prune");

    assertThat(changed)
        .isEqualTo(
            "~ webhook net https://hooks.example.com/new\n    endpoint:"
                + " \"https://hooks.example.com/old\" -> \"https://hooks.example.com/new\"");
    assertThat(command.json("webhooks", "list", "-o", "json"))
        .singleElement()
        .satisfies(webhook -> assertThat(webhook.path("id").asText()).isEqualTo(id));
  }

  @Test
  void a_dry_run_changes_nothing() throws IOException {
    assertThat(run(3, NET, "--dry-run")).startsWith("+ stack net\n+ webhook");
    assertThat(command.err()).isEqualTo("runhook: changes that were not made: 2");

    assertThat(command.run("stacks", "list")).isEmpty();
  }

  @Test
  void only_prune_deletes_webhooks_and_only_on_stacks_of_the_file() throws IOException {
    apply(NET);
    command.run("stacks", "create", "other");
    command.run("webhooks", "create", "other", "https://hooks.example.com/other");
    String without = "stacks: [{id: net, name: Networking}]";

    assertThat(apply(without)).isEmpty();
    assertThat(apply(without, "--prune")).isEqualTo("- webhook net https://hooks.example.com/chat");

    assertThat(command.json("webhooks", "list", "-o", "json")).hasSize(1);
  }

  @Test
  void a_disabled_webhook_stays_disabled_unless_the_file_enables_it() throws IOException {
    apply(NET);
    String id = command.json("webhooks", "list", "-o", "json").at("/0/id").asText();
    command.run("webhooks", "disable", id);

    assertThat(apply(NET)).isEmpty();
    assertThat(apply(NET.replace("timeout: 5s", "timeout: 5s\n        enabled: true")))
        .contains("enabled: false -> true");
  }

  @Test
  void webhooks_of_the_file_are_created_on_each_of_its_stacks() throws IOException {
    String file =
        lines("stacks", "id: s-", STACKS) + lines("webhooks", "endpoint: https://x.io/", WEBHOOKS);

    apply(file);

    assertThat(command.err()).isEqualTo("runhook: changes: " + (STACKS + STACKS * WEBHOOKS));
    assertThat(command.json("webhooks", "list", "--all", "-o", "json")).hasSize(STACKS * WEBHOOKS);
    assertThat(apply(file)).isEmpty();
  }

  @Test
  void webhooks_for_many_stacks_are_applied_changed_and_pruned() throws IOException {
    String stacks = lines("stacks", "id: s-", STACKS);
    String webhooks =
        lines(
            "accountWebhooks",
            "selector: {stacks: ['s-*']}\n    endpoint: https://x.io/",
            WEBHOOKS);

    apply(stacks + webhooks);
    assertThat(command.err()).isEqualTo("runhook: changes: " + (STACKS + WEBHOOKS));
    assertThat(command.json("webhooks", "list", "--all", "-o", "json")).hasSize(STACKS * WEBHOOKS);
    assertThat(apply(stacks + webhooks)).isEmpty();

    apply(stacks + webhooks.replace("x.io/3\n", "x.io/3\n    timeout: 7s\n"));
    assertThat(command.err()).isEqualTo("runhook: changes: 1");

    apply(stacks + "accountWebhooks: []", "--prune");
    assertThat(command.err()).isEqualTo("runhook: changes: " + WEBHOOKS);
    assertThat(command.json("webhooks", "list", "--all", "-o", "json")).isEmpty();
  }

  private static String lines(String list, String item, int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "  - " + item + i)
        .collect(Collectors.joining("\n", list + ":\n", "\n"));
  }

  @Test
  void a_refused_change_is_named_and_not_printed_as_made() throws IOException {
    String refused = NET.replace("https://hooks.example.com", "http://169.254.169.254");

    assertThat(run(1, refused)).isEqualTo("+ stack net");
    assertThat(command.err())
        .startsWith("runhook: + webhook net http://169.254.169.254/chat: ")
        .doesNotContain("hush");
  }

  @ParameterizedTest
  @ValueSource(strings = {"json", "yaml"})
  void the_changes_are_one_document(String format) throws IOException {
    String refused = NET.replace("https://hooks.example.com", "http://169.254.169.254");

    assertThat(document(run(3, NET, "--dry-run", "-o", format)))
        .extracting(change -> change.path("path").asText())
        .containsExactly("/stacks/net", "/stacks/net/webhooks");
    assertThat(document(run(1, refused, "-o", format)))
        .extracting(change -> change.path("change").asText())
        .containsExactly("+ stack net");
    assertThat(document(apply("stacks: []", "-o", format))).isEmpty();
  }

  private static JsonNode document(String text) throws IOException {
    return new YAMLMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).readTree(text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "stack: []                       | /stack is unknown; the fields are accountWebhooks, stacks,"
            + " tokens, webhooks",
        "stacks: [{name: x}]             | /stacks/0/id is required",
        "accountWebhooks: [{endpoint: e}] | /accountWebhooks/0/selector must have fields",
        "stacks: [{id: a}, {id: a}]      | /stacks/1/id: \"a\" occurs twice",
        "webhooks: [{endpoint: x, secret: hush}] | /webhooks/0/secret must be {env: VARIABLE} or"
            + " {file: PATH}, because secrets do not belong here",
        "webhooks: [{endpoint: x, secret: {env: NONE}}] | /webhooks/0/secret: the variable NONE is"
            + " not set",
        "webhooks: [{endpoint: x, timeout: soon}] | /webhooks/0/timeout: must be a duration such as"
            + " 500ms, 10s, 2m, 5h, 30d or PT10S",
        "stacks: {id: a}                 | /stacks must be a list",
        "stacks: [{id: a, labels: prod}] | /stacks/0/labels must be a list",
        "webhooks: [{endpoint: x, states: FINISHED}] | /webhooks/0/states must be a list",
        "webhooks: [{endpoint: x, retrySchedule: 10s}] | /webhooks/0/retrySchedule must be a list",
        "webhooks: [{endpoint: x, headers: [a]}] | /webhooks/0/headers must be names with values",
        "webhooks: [{endpoint: x, branches: [a, !b , c]}] | /webhooks/0/branches/1 must not be empty;"
            + " YAML requires quotes around a leading ! or *",
        "webhooks: [{endpoint: 'https://x.io', branches: [\"v?\"]}] | /webhooks/0/branches/0: must not have \"?\" at"
            + " character 2; use * or **",
        "stacks: [{id: net}, {id: a b}]  | /stacks/1: a stack's id has 1 to 128 letters, digits,"
            + " dots, underscores and hyphens, and begins with a letter or digit",
        "stacks: [{id: net, labels: [a, ' ']}] | /stacks/0/labels/1: must not be blank",
        "stacks: [{id: net, labels: [1]}] | /stacks/0/labels/0: must be a string, not number",
        "webhooks: [{endpoint: 'https://x.io', types: [TRACKED, OTHER]}] | /webhooks/0/types/1: must be"
            + " one of TRACKED, PROPOSED, TASK, TESTING, DESTROY",
        "webhooks: [{endpoint: x}]       | /webhooks/0/endpoint: the endpoint must begin with https://"
            + " or http://",
        "webhooks: [{endpoint: 'https://x.io', format: fax}] | /webhooks/0/format: must be one of"
            + " runhook, cloudevents, slack, msteams, pagerduty, template",
        "webhooks: [{endpoint: 'https://x.io', timeout: 1h}] | /webhooks/0/timeout: a timeout must be"
            + " from 100ms to 5m, in whole milliseconds",
        "webhooks: [{endpoint: 'https://x.io', headers: {Host: a}}] | /webhooks/0/headers/Host: the"
            + " header \"Host\" is reserved",
        "accountWebhooks: [{endpoint: 'https://x.io', selector: {labels: a b}}] |"
            + " /accountWebhooks/0/selector/labels: a label expression needs \"and\" or \"or\" before b;"
            + " an example is: env:production and not tier:sandbox",
        "hello                           | the file must have fields",
      })
  void an_invalid_file_is_refused_before_anything_changes(String yaml, String problem)
      throws IOException {
    run(2, yaml);

    assertThat(command.err())
        .isEqualTo("runhook: " + folder.resolve("webhooks.yaml") + ": " + problem);
  }

  @Test
  void a_template_whose_result_is_not_json_is_refused_before_anything_changes() throws IOException {
    run(2, "stacks: [{id: net}]\nwebhooks: [{endpoint: 'https://x.io', template: x}]");

    assertThat(command.err()).contains("webhooks.yaml: /webhooks/0/template: ", "not JSON");
    assertThat(command.run("stacks", "list")).isEmpty();
  }

  @Test
  void a_file_that_is_not_yaml_is_refused_with_its_line() throws IOException {
    run(2, "stacks:\n  - id: a\n  id: b\n");

    assertThat(command.err()).contains("webhooks.yaml is not valid YAML: line 3: ");
  }

  @Test
  void a_file_that_exceeds_a_limit_of_the_parser_is_refused_in_one_line() throws IOException {
    run(2, "[".repeat(100_000));

    assertThat(command.err())
        .hasLineCount(1)
        .contains("webhooks.yaml is not valid YAML: it is nested too deeply");
  }
}
