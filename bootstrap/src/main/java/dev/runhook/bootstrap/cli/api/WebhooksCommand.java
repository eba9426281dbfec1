package dev.runhook.bootstrap.cli.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runhook.bootstrap.cli.client.ApiPath;
import dev.runhook.bootstrap.cli.client.Column;
import dev.runhook.bootstrap.cli.command.CliCommand;
import dev.runhook.client.RunhookClient;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.text.Durations;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "webhooks",
    aliases = "webhook",
    description = "Manages webhooks.",
    footer = "A webhook is named by its id.")
public final class WebhooksCommand extends ApiCommand {
  private static final String WEBHOOKS = "webhooks";
  private static final String STACKS = "stacks";
  private static final Duration TEST_WAIT = Duration.ofSeconds(15);
  private static final Duration POLL_INTERVAL = Duration.ofMillis(200);
  private static final List<Column> COLUMNS =
      Column.of(
          """
          ID /id, STACK /stack, NAME /name, HEALTH /health/verdict, STATES /states all,
          EVENTS /events, PENDING /pendingDeliveries, FAILED 24H /failedDeliveries,
          ENDPOINT /endpoint
          """);

  private static final List<Column> ATTEMPT =
      Column.of("OUTCOME /outcome, HTTP /statusCode, MS /durationMs, ERROR /error");

  /// The webhook that a command is about.
  static final class Target {
    @Parameters(paramLabel = "WEBHOOK", description = "The id of the webhook.")
    private String webhook = "";

    @Option(names = "--stack", paramLabel = "STACK", description = "The stack of the webhook.")
    private @Nullable String stack;
  }

  /// A sample of a state change.
  static final class TestEvent {
    @Option(
        names = "--state",
        paramLabel = "STATE",
        description = "The state in the event (default: FINISHED).")
    private RunState state = RunState.FINISHED;

    ObjectNode body() {
      return object().put("state", state.name());
    }
  }

  /// How a secret is replaced.
  static final class Rotation {
    @Option(
        names = "--secret-file",
        paramLabel = "FILE",
        description = "A file with the new secret (default: a generated one).")
    private @Nullable Path secret;

    @Option(
        names = "--overlap",
        defaultValue = "24h",
        paramLabel = "TIME",
        description = "How long both are valid (default: ${DEFAULT-VALUE}).")
    private String overlap = "";

    ObjectNode body(ApiCommand command) {
      ObjectNode body =
          object()
              .put(
                  "overlap",
                  command.parse("--overlap ", () -> Durations.parse(overlap)).toString());
      command.addSecret(body, secret);
      return body;
    }
  }

  @Command(name = "list", description = "Lists webhooks with their health.")
  int list(
      @Option(names = "--stack", paramLabel = "STACK", description = "Only those of this stack.")
          @Nullable String stack,
      @Mixin Limit limit) {
    return printList(ApiPath.of(WEBHOOKS).with("stack", stack), limit, COLUMNS);
  }

  @Command(name = "get", description = "Shows a webhook with its health.")
  int get(@Mixin Target target) {
    return printDetails(get(path(target)), Map.of());
  }

  @Command(
      name = "create",
      description = "Creates a webhook, which gets all later state changes of a stack.",
      footer =
          "Without --secret-file, Runhook generates a secret; ./runhook webhooks secret prints it.")
  int create(
      @Parameters(paramLabel = "STACK", description = "The id of the stack.") String stack,
      @Mixin WebhookOptions.Creation options) {
    JsonNode created = post(ApiPath.of(STACKS, stack, WEBHOOKS), options.body(this));
    err().println("runhook: created a webhook for " + stack + "; its id is on standard output");
    return printSaved(created, created.path("id").asText());
  }

  @Command(name = "edit", description = "Changes only the given options.")
  int edit(@Mixin Target target, @Mixin WebhookOptions.Edit options) {
    ObjectNode body = options.addTo(object(), this);
    return printSaved(send("PATCH", path(target), body), "saved webhook " + target.webhook);
  }

  @Command(
      name = "test",
      description = "Sends a test event, a sample of a state change, and waits for its result.",
      footer = "Exit code 1 if it is not delivered within 15 seconds.")
  int test(@Mixin Target target, @Mixin TestEvent event) {
    JsonNode sent = post(path(target, "test"), event.body());
    JsonNode delivery = withClient(client -> awaitResult(client, sent.path("id").asText()));
    boolean delivered = delivery.path("status").asText().equals("DELIVERED");
    printChange(delivery, describe(delivery));
    return delivered ? EXIT_SUCCESS : EXIT_FAILURE;
  }

  private static JsonNode awaitResult(RunhookClient client, String id) {
    String path = ApiPath.of("deliveries", id).text();
    long start = System.nanoTime();
    JsonNode delivery = client.call("GET", path, null);
    while (delivery.path("lastResult").isNull()
        && System.nanoTime() - start < TEST_WAIT.toNanos()) {
      LockSupport.parkNanos(POLL_INTERVAL.toNanos());
      delivery = client.call("GET", path, null);
    }
    return delivery;
  }

  private static String describe(JsonNode delivery) {
    JsonNode attempt = delivery.path("attempts").path(0);
    if (attempt.isMissingNode()) {
      return "PENDING: no result yet; see ./runhook deliveries get " + delivery.path("id").asText();
    }
    return describeAttempt(attempt);
  }

  /// Describes a finished attempt in one line.
  static String describeAttempt(JsonNode attempt) {
    List<String> cells = Column.row(ATTEMPT, attempt);
    String result = "%s %s (%s ms)".formatted(cells.get(0), cells.get(1), cells.get(2));
    return attempt.path("error").isNull() ? result : result + ": " + cells.get(3);
  }

  @Command(name = "disable", description = "Stops creating deliveries; existing ones wait.")
  int disable(@Mixin Target target) {
    JsonNode webhook = send("PATCH", path(target), object().put("enabled", false));
    return printChange(webhook, "disabled webhook " + target.webhook);
  }

  @Command(name = "enable", description = "Enables a webhook; deliveries that wait are sent.")
  int enable(@Mixin Target target) {
    JsonNode webhook = send("PATCH", path(target), object().put("enabled", true));
    return printChange(webhook, "enabled webhook " + target.webhook);
  }

  @Command(name = "resume", description = "Ends a pause; deliveries that wait are sent.")
  int resume(@Mixin Target target) {
    return printChange(post(path(target, "resume"), null), "resumed webhook " + target.webhook);
  }

  @Command(name = "retry", description = "Attempts all pending deliveries of a webhook now.")
  int retry(@Mixin Target target) {
    JsonNode retried = post(path(target, "retry"), null);
    return printChange(retried, "retried deliveries: " + retried.path("retried").asText());
  }

  @Command(
      name = "replay",
      description = "Sends past events again, or those that were skipped.",
      footer = "Requires --since or --run. Skips events with a pending delivery.")
  int replay(@Mixin Target target, @Mixin ReplayOptions options) {
    JsonNode replay = post(path(target, "replays"), options.body(this));
    boolean dryRun = replay.has("dryRun");
    return printChange(
        replay,
        "matching events: %s, erased: %s, %s deliveries: %s"
            .formatted(
                replay.path("matched").asText(),
                replay.path("erased").asText(),
                dryRun ? "would create" : "created",
                replay.path(dryRun ? "toCreate" : "created").asText()));
  }

  /// Which deliveries to cancel, and why.
  static final class CancelOptions extends EventOptions {
    @Option(
        names = "--since",
        paramLabel = "WHEN",
        description = "A time such as 2026-01-02T03:00:00Z, or a duration such as 2h.")
    private @Nullable String since;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why, for other users.")
    private @Nullable String reason;

    @Override
    ObjectNode body(CliCommand command) {
      ObjectNode body = super.body(command).put("reason", reason);
      return since == null ? body : body.put("from", time("--since", since, command));
    }
  }

  @Command(
      name = "cancel",
      description = "Cancels deliveries that wait.",
      footer =
          "Cancels all of them without an option. Those that are being sent are not canceled."
              + " ./runhook webhooks replay --status CANCELED sends them again.")
  int cancel(@Mixin Target target, @Mixin CancelOptions options) {
    return printCanceled(post(path(target, "cancellations"), options.body(this)));
  }

  @Command(name = "secret", description = "Prints the secret. This is recorded in the audit log.")
  int secret(@Mixin Target target) {
    JsonNode secret = get(path(target, "secret"));
    return printChange(secret, secret.path("secret").asText());
  }

  @Command(
      name = "rotate",
      description = "Replaces the secret. The previous one stays valid for a while.",
      footer =
          "Without --secret-file, Runhook generates a secret; ./runhook webhooks secret prints it.")
  int rotate(@Mixin Target target, @Mixin Rotation options) {
    JsonNode rotated = post(path(target, "secret"), options.body(this));
    return printSaved(
        rotated,
        "rotated the secret of webhook "
            + target.webhook
            + "; the previous one is valid until "
            + rotated.path("previousSecretExpiresAt").asText("now"));
  }

  @Command(name = "delete", description = "Deletes a webhook. Its open deliveries fail.")
  int delete(
      @Mixin Target target,
      @Option(names = "--yes", description = "Confirms the deletion.") boolean yes) {
    requireYes(yes, "the webhook " + target.webhook);
    return printChange(send("DELETE", path(target), null), "deleted webhook " + target.webhook);
  }

  private ApiPath path(Target target, String... action) {
    String stack =
        target.stack == null
            ? get(ApiPath.of(WEBHOOKS, target.webhook)).path("stack").asText()
            : target.stack;
    return ApiPath.of(STACKS, stack, WEBHOOKS, target.webhook).then(action);
  }
}
