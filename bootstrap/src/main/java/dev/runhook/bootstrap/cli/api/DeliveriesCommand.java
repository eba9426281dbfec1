package dev.runhook.bootstrap.cli.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.runhook.bootstrap.cli.client.Column;
import dev.runhook.client.RunhookClient;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;

@Command(
    name = "deliveries",
    aliases = "delivery",
    description = "Shows, follows and retries deliveries.")
public final class DeliveriesCommand extends OperationsCommand {
  private static final Duration POLL_INTERVAL = Duration.ofSeconds(1);
  private static final int POLLED = 200;
  private static final List<Column> LINE =
      Column.of(
          """
          STATUS /status, HTTP /lastResult/statusCode, STACK /stack, RUN /run, STATE /state,
          ID /id
          """);

  @Override
  int run(Operation operation) {
    return operation.name().equals("tail") ? tail(operation) : super.run(operation);
  }

  @Override
  int print(Operation operation, JsonNode response) {
    if (isTable() && response instanceof ObjectNode fields) {
      fields.remove("request");
    }
    return super.print(operation, response);
  }

  private int tail(Operation operation) {
    Integer count = operation.integer("--count");
    int remaining = count == null ? Integer.MAX_VALUE : count;
    requireRange("--count", remaining, 1, Integer.MAX_VALUE);
    Map<String, String> seen = new HashMap<>();
    String path = operation.path().text();
    return withClient(client -> {
      newest(client, path).forEach(delivery -> seen.put(id(delivery), version(delivery)));
      int lines = 0;
      while (lines < remaining) {
        LockSupport.parkNanos(POLL_INTERVAL.toNanos());
        List<JsonNode> newest = newest(client, path);
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

  private static List<JsonNode> newest(RunhookClient client, String path) {
    return client.list(path, POLLED);
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
}
