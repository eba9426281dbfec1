package dev.runhook.bootstrap.demo;

import dev.runhook.bootstrap.receiver.Received;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A tracked run that goes from QUEUED to FINISHED; each change is reported, and awaited at the
/// receiver.
public final class Story {
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

  private final Client client;
  private final BlockingQueue<Received> arrivals;
  private final PrintWriter out;

  /// @param arrivals where the receiver puts what it gets
  public Story(String serverUrl, String token, BlockingQueue<Received> arrivals, PrintWriter out) {
    this.client = new Client(serverUrl, token);
    this.arrivals = arrivals;
    this.out = out;
  }

  /// Registers the stack and its webhook.
  public void prepare(String endpoint, String secret) throws InterruptedException {
    client.send(
        "PUT", "/stacks/" + STACK, "{\"name\":\"Networking\",\"labels\":[\"aws\",\"production\"]}");
    client.send(
        "POST",
        "/stacks/" + STACK + "/webhooks",
        "{\"endpoint\":\"" + endpoint + "\",\"secret\":\"" + secret + "\"}");
  }

  /// Plays the run; whether every change arrived with signatures that match.
  public boolean play() throws InterruptedException {
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
    client.close();
    return verified;
  }

  /// How many changes of state the story has.
  public int length() {
    return 1 + LATER_STATES.size();
  }

  private boolean told(String state, String path, String json) throws InterruptedException {
    long begin = System.nanoTime();
    client.send("POST", path, json);
    Received received = arrivals.poll(PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
    out.printf("  %-14s %s%n", state, described(received, begin));
    out.flush();
    return received != null
        && received.verification().isVerified()
        && received.body().contains("\"state\":\"" + state + "\"");
  }

  private static String described(@Nullable Received received, long begin) {
    if (received == null) {
      return "nothing within " + PATIENCE.toSeconds() + " s";
    }
    String version = received.body().replaceAll("(?s).*\"stateVersion\":(\\d+).*", "$1");
    return "version %s after %3d ms, %d bytes, %s"
        .formatted(
            version,
            Duration.ofNanos(System.nanoTime() - begin).toMillis(),
            received.body().length(),
            received.verification().summary());
  }
}
