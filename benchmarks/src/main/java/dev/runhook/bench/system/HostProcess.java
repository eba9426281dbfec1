package dev.runhook.bench.system;

import com.zaxxer.hikari.HikariDataSource;
import dev.runhook.application.dispatch.DispatchConfig;
import dev.runhook.application.dispatch.Dispatcher;
import dev.runhook.application.dispatch.RequestFactory;
import dev.runhook.application.run.RunJournal;
import dev.runhook.application.spi.DispatchObserver;
import dev.runhook.bench.load.BackpressureWindow;
import dev.runhook.bench.load.Dataset;
import dev.runhook.bench.load.Loopback;
import dev.runhook.bench.load.Timestamps;
import dev.runhook.bench.load.UuidV7Ids;
import dev.runhook.bench.process.PostgresServer;
import dev.runhook.bench.sink.ReceiptLog;
import dev.runhook.domain.delivery.RetrySchedule;
import dev.runhook.domain.signing.WebhookSigner;
import dev.runhook.domain.webhook.PausePolicy;
import dev.runhook.outbound.http.HttpTransport;
import dev.runhook.outbound.http.TransportSettings;
import dev.runhook.outbound.payload.JsonPayloadRenderer;
import dev.runhook.persistence.JdbiTransactor;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;

/// A program that has Runhook built in, and records transitions from many threads of its own.
public final class HostProcess {
  private static final List<Duration> WAITS =
      List.of(Duration.ofSeconds(5), Duration.ofSeconds(30));
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private HostProcess() {}

  /// Arguments: the database, the files of receipts and answers, their capacity, stacks, runs,
  /// fan-out, callers, window.
  public static void main(String[] arguments) throws IOException {
    int capacity = Integer.parseInt(arguments[3]);
    Dataset dataset =
        new Dataset(
            Integer.parseInt(arguments[4]),
            Integer.parseInt(arguments[5]),
            Integer.parseInt(arguments[6]));
    BackpressureWindow backpressureWindow =
        new BackpressureWindow(
            ReceiptLog.map(Path.of(arguments[1]), capacity),
            Integer.parseInt(arguments[8]),
            dataset.fanOut());
    Timestamps answered = Timestamps.map(Path.of(arguments[2]), capacity);
    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    AtomicBoolean going = new AtomicBoolean(true);
    RunJournal journal = embedded(arguments[0], threads, going);
    Callers callers = new Callers(threads, Integer.parseInt(arguments[7]), backpressureWindow);
    CommandLoop.run(
        count ->
            callers.run(
                count,
                number -> {
                  journal.record(dataset.report(number));
                  answered.set(number, System.nanoTime());
                }),
        going::set);
  }

  @SuppressWarnings("MustBeClosedChecker") // until the process ends
  private static RunJournal embedded(String url, ExecutorService threads, AtomicBoolean going) {
    InstantSource clock = InstantSource.system();
    HikariDataSource recording = PostgresServer.newPool(url, 12);
    HikariDataSource engine = PostgresServer.newPool(url, 5);
    HttpTransport transport = new HttpTransport(TransportSettings.of(Loopback.policy()), clock);
    Dispatcher dispatcher =
        Dispatcher.using(
            new JdbiTransactor(engine),
            new Dispatcher.DeliveryTransport(
                new RequestFactory(new WebhookSigner(true), "Runhook/bench", TIMEOUT),
                transport,
                new DispatchObserver() {}),
            DispatchConfig.of(new RetrySchedule(WAITS), new PausePolicy(10, WAITS), TIMEOUT)
                .withConcurrency(1024, 64),
            new Dispatcher.DispatchContext(clock, System::nanoTime, new SecureRandom(), threads));
    Thread.ofPlatform().daemon().name("dispatch").start(() -> dispatch(dispatcher, going));
    return RunJournal.using(
        new JdbiTransactor(recording),
        new RunJournal.Dependencies(new JsonPayloadRenderer(), new UuidV7Ids(), clock),
        dispatcher.handoff(),
        threads);
  }

  /// As the server's loop does, but that it can be held.
  private static void dispatch(Dispatcher dispatcher, AtomicBoolean going) {
    try {
      while (true) {
        if (!going.get()) {
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
