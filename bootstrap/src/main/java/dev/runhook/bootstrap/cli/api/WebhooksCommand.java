package dev.runhook.bootstrap.cli.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.runhook.bootstrap.cli.client.ApiPath;
import dev.runhook.client.RunhookClient;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;

@Command(
    name = "webhooks",
    aliases = "webhook",
    description = "Manages webhooks.",
    footer = "A webhook is named by its id.")
public final class WebhooksCommand extends OperationsCommand {
  private static final Duration TEST_WAIT = Duration.ofSeconds(15);
  private static final Duration POLL_INTERVAL = Duration.ofMillis(200);

  @Override
  int print(Operation operation, JsonNode response) {
    return operation.name().equals("test")
        ? printTest(withClient(client -> awaitResult(client, response.path("id").asText())))
        : super.print(operation, response);
  }

  private int printTest(JsonNode delivery) {
    JsonNode attempt = delivery.path("attempts").path(0);
    printChange(
        delivery,
        attempt.isMissingNode()
            ? "PENDING: no result yet; see ./runhook deliveries get " + delivery.path("id").asText()
            : describeAttempt(attempt));
    return exitCode(delivery.path("status"));
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
}
