package dev.runhook.bench.system;

import dev.runhook.application.dispatch.DispatchConfig;
import dev.runhook.application.dispatch.Dispatcher;
import dev.runhook.application.run.RunJournal;
import dev.runhook.bench.load.BackpressureWindow;
import dev.runhook.bench.load.Dataset;
import dev.runhook.bench.load.Loopback;
import dev.runhook.bench.load.Timestamps;
import dev.runhook.bench.process.PostgresServer;
import dev.runhook.bench.sink.ReceiptLog;
import dev.runhook.domain.delivery.RetrySchedule;
import dev.runhook.domain.webhook.PausePolicy;
import dev.runhook.embedded.Runhook;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;

/// A program that embeds Runhook and records transitions from many threads.
public final class HostProcess {
  private static final List<Duration> RETRY_DELAYS =
      List.of(Duration.ofSeconds(5), Duration.ofSeconds(30));
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private HostProcess() {}

  /// Arguments: the JDBC URL, the files of receipts and acknowledgements, the capacity of these
  /// files, stacks, runs, fan-out, callers, window.
  public static void main(String[] arguments) throws IOException {
    int capacity = Integer.parseInt(arguments[3]);
    Dataset dataset =
        new Dataset(
            Integer.parseInt(arguments[4]),
            Integer.parseInt(arguments[5]),
            Integer.parseInt(arguments[6]));
    BackpressureWindow window =
        new BackpressureWindow(
            ReceiptLog.map(Path.of(arguments[1]), capacity),
            Integer.parseInt(arguments[8]),
            dataset.fanOut());
    Timestamps acknowledgements = Timestamps.map(Path.of(arguments[2]), capacity);
    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    AtomicBoolean dispatching = new AtomicBoolean(true);
    RunJournal journal = startRunhook(arguments[0], dispatching);
    Callers callers = new Callers(threads, Integer.parseInt(arguments[7]), window);
    CommandLoop.run(
        count ->
            callers.run(
                count,
                number -> {
                  journal.record(dataset.report(number));
                  acknowledgements.set(number, System.nanoTime());
                }),
        dispatching::set);
  }

  @SuppressWarnings("MustBeClosedChecker") // the end of the process closes it
  private static RunJournal startRunhook(String url, AtomicBoolean dispatching) {
    Runhook runhook =
        Runhook.on(PostgresServer.newPool(url, 17))
            .egressPolicy(Loopback.policy())
            .dispatchConfig(
                DispatchConfig.of(
                        new RetrySchedule(RETRY_DELAYS), new PausePolicy(10, RETRY_DELAYS), TIMEOUT)
                    .withConcurrency(2048, 64))
            .userAgent("Runhook/bench")
            .build();
    Thread.ofPlatform()
        .daemon()
        .name("dispatch")
        .start(() -> dispatch(runhook.dispatcher(), dispatching));
    return runhook.journal();
  }

  /// The dispatch loop of the server, which can also be paused.
  private static void dispatch(Dispatcher dispatcher, AtomicBoolean dispatching) {
    try {
      while (true) {
        if (!dispatching.get()) {
          Thread.sleep(Duration.ofMillis(1));
        } else if (!dispatcher.poll().limitReached()) {
          dispatcher.awaitWork(Duration.ofSeconds(1));
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
