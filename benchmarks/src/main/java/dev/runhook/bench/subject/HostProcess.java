package dev.runhook.bench.subject;

import com.zaxxer.hikari.HikariDataSource;
import dev.runhook.application.delivery.DispatchRules;
import dev.runhook.application.delivery.Dispatcher;
import dev.runhook.application.delivery.RequestFactory;
import dev.runhook.application.run.RunJournal;
import dev.runhook.application.spi.DispatchObserver;
import dev.runhook.bench.process.Cluster;
import dev.runhook.bench.sink.Receipts;
import dev.runhook.bench.work.Ids;
import dev.runhook.bench.work.Loopback;
import dev.runhook.bench.work.Moments;
import dev.runhook.bench.work.Window;
import dev.runhook.bench.work.World;
import dev.runhook.domain.delivery.RetrySchedule;
import dev.runhook.domain.signing.Signatures;
import dev.runhook.domain.webhook.PausePolicy;
import dev.runhook.outbound.HttpTransport;
import dev.runhook.outbound.JsonPayloadRenderer;
import dev.runhook.outbound.TransportSettings;
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
    World world =
        new World(
            Integer.parseInt(arguments[4]),
            Integer.parseInt(arguments[5]),
            Integer.parseInt(arguments[6]));
    Window window =
        new Window(
            Receipts.in(Path.of(arguments[1]), capacity),
            Integer.parseInt(arguments[8]),
            world.fanOut());
    Moments answered = Moments.in(Path.of(arguments[2]), capacity);
    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    AtomicBoolean going = new AtomicBoolean(true);
    RunJournal journal = embedded(arguments[0], threads, going);
    Crowd crowd = new Crowd(threads, Integer.parseInt(arguments[7]), window);
    Orders.take(
        count ->
            crowd.run(
                count,
                number -> {
                  journal.record(world.report(number));
                  answered.set(number, System.nanoTime());
                }),
        going::set);
  }

  @SuppressWarnings("MustBeClosedChecker") // until the process ends
  private static RunJournal embedded(String url, ExecutorService threads, AtomicBoolean going) {
    InstantSource clock = InstantSource.system();
    HikariDataSource recording = Cluster.connections(url, 12);
    HikariDataSource engine = Cluster.connections(url, 5);
    HttpTransport transport = new HttpTransport(TransportSettings.of(Loopback.policy()), clock);
    Dispatcher dispatcher =
        Dispatcher.using(
            new JdbiTransactor(engine),
            new Dispatcher.Sender(
                new RequestFactory(new Signatures(true), "Runhook/bench", TIMEOUT),
                transport,
                new DispatchObserver() {}),
            DispatchRules.of(new RetrySchedule(WAITS), new PausePolicy(10, WAITS), TIMEOUT)
                .atMost(1024, 64),
            new Dispatcher.Surroundings(clock, System::nanoTime, new SecureRandom(), threads));
    Thread.ofPlatform().daemon().name("dispatch").start(() -> dispatch(dispatcher, going));
    return RunJournal.using(
        new JdbiTransactor(recording),
        new RunJournal.Recorder(new JsonPayloadRenderer(), new Ids(), clock),
        dispatcher.intake(),
        threads);
  }

  /// As the server's loop does, but that it can be held.
  private static void dispatch(Dispatcher dispatcher, AtomicBoolean going) {
    try {
      while (true) {
        if (!going.get()) {
          Thread.sleep(Duration.ofMillis(1));
        } else if (!dispatcher.round().full()) {
          dispatcher.awaitWork(Duration.ofSeconds(1));
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
