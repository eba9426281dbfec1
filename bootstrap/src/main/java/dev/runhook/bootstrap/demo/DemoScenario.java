package dev.runhook.bootstrap.demo;

import static java.util.Optional.empty;

import dev.runhook.application.webhook.CreateWebhookRequest;
import dev.runhook.client.RunhookClient;
import dev.runhook.diagnosis.receiver.ReceivedDelivery;
import dev.runhook.domain.run.Commit;
import dev.runhook.domain.run.Delta;
import dev.runhook.domain.run.NewRun;
import dev.runhook.domain.run.RunDetails;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.RunType;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.run.TransitionReport;
import dev.runhook.domain.signing.SigningSecret;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Reports a tracked run from QUEUED to FINISHED and waits for each delivery at the receiver.
public final class DemoScenario {
  private static final Duration DELIVERY_TIMEOUT = Duration.ofSeconds(15);

  /// Between transitions, so that a person can follow the output.
  private static final Duration PAUSE = Duration.ofMillis(250);

  private static final List<RunState> LATER_STATES =
      List.of(
          RunState.PREPARING,
          RunState.INITIALIZING,
          RunState.PLANNING,
          RunState.UNCONFIRMED,
          RunState.CONFIRMED,
          RunState.APPLYING,
          RunState.FINISHED);

  private final RunhookClient client;
  private final StackId stack;
  private final BlockingQueue<ReceivedDelivery> deliveries;
  private final PrintWriter out;

  /// @param deliveries the queue that the receiver adds to
  public DemoScenario(
      RunhookClient client, BlockingQueue<ReceivedDelivery> deliveries, PrintWriter out) {
    this.client = client;
    this.stack = client.stack("networking");
    this.deliveries = deliveries;
    this.out = out;
  }

  public void prepare(String endpoint, String secret) {
    client.register(
        new Stack(stack, "Networking", "", List.of("aws", "production"), empty(), empty()));
    client.create(stack, CreateWebhookRequest.of(endpoint).withSecret(SigningSecret.parse(secret)));
  }

  /// Reports the run. Returns whether every transition arrived with valid signatures.
  public boolean run() throws InterruptedException {
    RunId run = new RunId(stack, "run-" + Long.toString(System.currentTimeMillis(), 36));
    out.printf("  %-14s %s%n", "reported", "received");
    boolean verified =
        report(
            RunState.QUEUED,
            () -> client.start(NewRun.of(details(), TransitionReport.of(run, RunState.QUEUED))));
    for (RunState state : LATER_STATES) {
      Thread.sleep(PAUSE);
      verified &= report(state, () -> client.record(transition(run, state)));
    }
    return verified;
  }

  private static RunDetails details() {
    Commit commit =
        new Commit("0ee3f1c", "Add a subnet", "Octo Cat", Optional.of("octocat"), empty(), empty());
    return new RunDetails(
        RunType.TRACKED,
        "main",
        commit,
        Optional.of("octocat@example.com"),
        empty(),
        empty(),
        empty());
  }

  private static TransitionReport transition(RunId run, RunState state) {
    TransitionReport report = TransitionReport.of(run, state);
    return switch (state) {
      case UNCONFIRMED ->
          report.withDelta(new Delta(3, 1, 0, 42)).withNote("3 to add, 1 to change");
      case CONFIRMED -> report.withNote("confirmed by octocat");
      default -> report;
    };
  }

  public int transitionCount() {
    return 1 + LATER_STATES.size();
  }

  private boolean report(RunState state, Runnable request) throws InterruptedException {
    long start = System.nanoTime();
    request.run();
    ReceivedDelivery delivery = deliveries.poll(DELIVERY_TIMEOUT.toNanos(), TimeUnit.NANOSECONDS);
    out.printf("  %-14s %s%n", state, describe(delivery, start));
    out.flush();
    return delivery != null
        && delivery.verification().isVerified()
        && delivery.body().contains("\"state\":\"" + state + "\"");
  }

  private static String describe(@Nullable ReceivedDelivery delivery, long start) {
    if (delivery == null) {
      return "nothing within " + DELIVERY_TIMEOUT.toSeconds() + " s";
    }
    String version = delivery.body().replaceAll("(?s).*\"stateVersion\":(\\d+).*", "$1");
    return "version %s after %3d ms, %d bytes, %s"
        .formatted(
            version,
            Duration.ofNanos(System.nanoTime() - start).toMillis(),
            delivery.body().length(),
            delivery.verification().summary());
  }
}
