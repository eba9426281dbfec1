package dev.runhook.bootstrap.cli.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runhook.bootstrap.cli.client.ApiPath;
import dev.runhook.bootstrap.cli.client.Column;
import dev.runhook.client.RunhookClient;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.run.RunState;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "deliveries",
    aliases = "delivery",
    description = "Shows, follows and retries deliveries.")
public final class DeliveriesCommand extends ApiCommand {
  private static final String DELIVERIES = "deliveries";
  private static final Duration POLL_INTERVAL = Duration.ofSeconds(1);
  private static final int POLLED = 200;
  private static final List<Column> COLUMNS =
      Column.of(
          """
          ID /id, CREATED /createdAt, STACK /stack, RUN /run, STATE /state, STATUS /status,
          ATTEMPTS /attemptCount, RESULT /lastResult/outcome, HTTP /lastResult/statusCode,
          WEBHOOK /webhook
          """);
  private static final List<Column> LINE =
      Column.of(
          """
          STATUS /status, HTTP /lastResult/statusCode, STACK /stack, RUN /run, STATE /state,
          ID /id
          """);
  private static final List<Column> ATTEMPTS =
      Column.of(
          """
          ATTEMPT /number, STARTED /startedAt, MS /durationMs, OUTCOME /outcome,
          HTTP /statusCode, ERROR /error
          """);

  /// The delivery that a command is about.
  static final class Target {
    @Parameters(paramLabel = "DELIVERY", description = "The id of the delivery.")
    private String delivery = "";
  }

  /// Which deliveries to print.
  static final class Filter {
    @Option(names = "--stack", paramLabel = "STACK", description = "Only those of this stack.")
    private @Nullable String stack;

    @Option(names = "--run", paramLabel = "RUN", description = "Only those of this run.")
    private @Nullable String run;

    @Option(names = "--webhook", paramLabel = "ID", description = "Only those to this webhook.")
    private @Nullable String webhook;

    @Option(
        names = "--status",
        paramLabel = "STATUS",
        description = "Only PENDING, DELIVERED, FAILED or CANCELED ones.")
    private Delivery.@Nullable Status status;

    @Option(names = "--state", paramLabel = "STATE", description = "Only those of this run state.")
    private @Nullable RunState state;

    @Option(
        names = "--kind",
        paramLabel = "KIND",
        description = "Only those of this kind of event, such as webhook_paused or ping.")
    private @Nullable String kind;

    @Option(
        names = "--not-redelivered",
        description = "Only those whose event was not sent again later.")
    private boolean notRedelivered;

    ApiPath path() {
      return ApiPath.of(DELIVERIES)
          .with("stack", stack)
          .with("run", run)
          .with("webhook", webhook)
          .with("status", status)
          .with("state", state)
          .with("kind", kind)
          .with("redelivered", notRedelivered ? false : null);
    }
  }

  @Command(name = "list", description = "Lists deliveries, the latest first.")
  int list(@Mixin Filter filter, @Mixin Limit limit) {
    return printList(filter.path(), limit, COLUMNS);
  }

  @Command(
      name = "get",
      description = "Shows a delivery with its attempts, and explains its status.",
      footer = "With -o json, includes the request and the responses.")
  int get(@Mixin Target target) {
    JsonNode details = get(ApiPath.of(DELIVERIES, target.delivery));
    if (isTable() && details instanceof ObjectNode fields) {
      fields.remove("request");
    }
    return printDetails(
        details, Map.of("attempts", ATTEMPTS, "explanation", Column.of("EXPLANATION /text")));
  }

  @Command(
      name = "tail",
      description = "Prints each delivery when it is created, and whenever it changes.",
      footer =
          "Reads the latest 200 deliveries every second, and ends with Ctrl-C. With -o json, prints one"
              + " line of JSON per change.")
  int tail(
      @Mixin Filter filter,
      @Option(names = "--count", paramLabel = "N", description = "Ends after N lines.")
          @Nullable Integer count) {
    int remaining = count == null ? Integer.MAX_VALUE : count;
    requireRange("--count", remaining, 1, Integer.MAX_VALUE);
    Map<String, String> seen = new HashMap<>();
    return withClient(client -> {
      newest(client, filter).forEach(delivery -> seen.put(id(delivery), version(delivery)));
      int lines = 0;
      while (lines < remaining) {
        LockSupport.parkNanos(POLL_INTERVAL.toNanos());
        List<JsonNode> newest = newest(client, filter);
        for (JsonNode delivery : newest.reversed()) {
          boolean changed = !version(delivery).equals(seen.put(id(delivery), version(delivery)));
          if (changed && lines < remaining) {
            printLine(delivery, describe(delivery));
            lines++;
          }
        }
        seen.keySet().retainAll(newest.stream().map(DeliveriesCommand::id).toList());
      }
      return EXIT_SUCCESS;
    });
  }

  private static List<JsonNode> newest(RunhookClient client, Filter filter) {
    return client.list(filter.path().text(), POLLED);
  }

  private static String id(JsonNode delivery) {
    return delivery.path("id").asText();
  }

  /// Changes when an attempt ends or the delivery changes its status.
  private static String version(JsonNode delivery) {
    return delivery.path("status").asText()
        + delivery.path("attemptCount").asText()
        + delivery.path("lastResult");
  }

  private static String describe(JsonNode delivery) {
    List<String> cells = Column.row(LINE, delivery);
    return "%-9s %-3s %s %s %s  %s".formatted(cells.toArray());
  }

  @Command(name = "retry", description = "Makes the next attempt of a pending delivery now.")
  int retry(@Mixin Target target) {
    JsonNode retried = post(ApiPath.of(DELIVERIES, target.delivery, "retry"), null);
    return printChange(retried, "retried delivery " + target.delivery);
  }

  @Command(
      name = "cancel",
      description = "Ends a pending delivery. The next one of its run is sent.")
  int cancel(
      @Mixin Target target,
      @Option(names = "--reason", paramLabel = "TEXT", description = "Why, for other users.")
          @Nullable String reason) {
    JsonNode canceled =
        post(ApiPath.of(DELIVERIES, target.delivery, "cancel"), object().put("reason", reason));
    return printChange(canceled, "canceled delivery " + target.delivery);
  }

  @Command(
      name = "cancel-all",
      description = "Cancels the deliveries that wait for any webhook.",
      footer = "Those that are being sent are not canceled.")
  int cancelAll(
      @Option(names = "--stack", paramLabel = "STACK", description = "Only webhooks of this stack.")
          @Nullable String stack,
      @Mixin WebhooksCommand.CancelOptions options) {
    ApiPath path = ApiPath.of(DELIVERIES, "cancellations");
    return printCanceled(post(path, options.body(this).put("stack", stack)));
  }

  @Command(name = "redeliver", description = "Sends the event of a finished delivery again.")
  int redeliver(@Mixin Target target) {
    JsonNode created = post(ApiPath.of(DELIVERIES, target.delivery, "redeliver"), null);
    return printChange(created, "created delivery " + created.path("id").asText());
  }
}
