package dev.runhook.bootstrap.demo;

import dev.runhook.bootstrap.receiver.ReceivedDelivery;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A tracked run that goes from QUEUED to FINISHED; each change is reported, and awaited at the
/// receiver.
public final class DemoScenario {
  private static final Duration PATIENCE = Duration.ofSeconds(15);
  private static final Duration BETWEEN_CHANGES = Duration.ofMillis(250);
  private static final String STACK = "networking";
  private static final String RUN = "/stacks/" + STACK + "/runs";
  private static final Map<String, String> REMARKS =
      Map.of(
          "UNCONFIRMED",
              ",\"delta\":{\"added\":3,\"changed\":1,\"deleted\":0,\"resources\":42},\"note\":\"3 to add, 1 to change\"",
          "CONFIRMED", ",\"note\":\"confirmed by octocat\"");
  private static final List<String> LATER_STATES =
      List.of(
          "PREPARING",
          "INITIALIZING",
          "PLANNING",
          "UNCONFIRMED",
          "CONFIRMED",
          "APPLYING",
          "FINISHED");

  private final DemoClient demoClient;
  private final BlockingQueue<ReceivedDelivery> arrivals;
  private final PrintWriter out;

  /// @param arrivals where the receiver puts what it gets
  public DemoScenario(
      String serverUrl, String token, BlockingQueue<ReceivedDelivery> arrivals, PrintWriter out) {
    this.demoClient = new DemoClient(serverUrl, token);
    this.arrivals = arrivals;
    this.out = out;
  }

  /// Registers the stack and its webhook.
  public void prepare(String endpoint, String secret) throws InterruptedException {
    demoClient.send(
        "PUT", "/stacks/" + STACK, "{\"name\":\"Networking\",\"labels\":[\"aws\",\"production\"]}");
    demoClient.send(
        "POST",
        "/stacks/" + STACK + "/webhooks",
        "{\"endpoint\":\"" + endpoint + "\",\"secret\":\"" + secret + "\"}");
  }

  /// Plays the run; whether every change arrived with signatures that match.
  public boolean run() throws InterruptedException {
    String run = "run-" + Long.toString(System.currentTimeMillis(), 36);
    out.printf("  %-14s %s%n", "the run is now", "what the receiver got");
    boolean verified =
        told(
            "QUEUED",
            RUN,
            "{\"id\":\""
                + run
                + "\",\"branch\":\"main\",\"triggeredBy\":\"octocat@example.com\",\"commit\":"
                + "{\"hash\":\"0ee3f1c\",\"message\":\"Add a subnet\",\"authorName\":\"Octo Cat\",\"authorLogin\":\"octocat\"}}");
    for (String state : LATER_STATES) {
      Thread.sleep(BETWEEN_CHANGES);
      String body = "{\"state\":\"" + state + "\"" + REMARKS.getOrDefault(state, "") + "}";
      verified &= told(state, RUN + "/" + run + "/transitions", body);
    }
    demoClient.close();
    return verified;
  }

  /// How many changes of state the story has.
  public int transitionCount() {
    return 1 + LATER_STATES.size();
  }

  private boolean told(String state, String path, String json) throws InterruptedException {
    long begin = System.nanoTime();
    demoClient.send("POST", path, json);
    ReceivedDelivery receivedDelivery = arrivals.poll(PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
    out.printf("  %-14s %s%n", state, described(receivedDelivery, begin));
    out.flush();
    return receivedDelivery != null
        && receivedDelivery.verification().isVerified()
        && receivedDelivery.body().contains("\"state\":\"" + state + "\"");
  }

  private static String described(@Nullable ReceivedDelivery receivedDelivery, long begin) {
    if (receivedDelivery == null) {
      return "nothing within " + PATIENCE.toSeconds() + " s";
    }
    String version = receivedDelivery.body().replaceAll("(?s).*\"stateVersion\":(\\d+).*", "$1");
    return "version %s after %3d ms, %d bytes, %s"
        .formatted(
            version,
            Duration.ofNanos(System.nanoTime() - begin).toMillis(),
            receivedDelivery.body().length(),
            receivedDelivery.verification().summary());
  }
}
