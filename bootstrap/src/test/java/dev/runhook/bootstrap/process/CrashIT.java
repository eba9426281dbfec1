package dev.runhook.bootstrap.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The promise of the whole product, kept under the worst that can happen to a process.
/// `-Drunhook.seed=…` repeats the moments of a run.
class CrashIT {
  private static final String STACK = "crash";
  private static final int RUNS = 100;
  private static final List<String> STATES =
      List.of(
          "QUEUED",
          "PREPARING",
          "INITIALIZING",
          "PLANNING",
          "UNCONFIRMED",
          "CONFIRMED",
          "APPLYING",
          "FINISHED");
  private static final int TRANSITIONS = RUNS * STATES.size();
  private static final int WEBHOOKS = 3;
  private static final int REPORTERS = 4;
  private static final int KILLS = 5;
  private static final double REFUSED = 0.05;
  private static final Duration PATIENCE = Duration.ofMinutes(4);

  /// A lease is 40 s at least: what a killed process had in hand comes back after that. Nobody is
  /// given up or paused.
  private static final Map<String, String> SETTINGS =
      Map.of(
          "RUNHOOK_TIMEOUT", "3s",
          "RUNHOOK_RETRY_SCHEDULE", "200ms,".repeat(30),
          "RUNHOOK_PAUSE_AFTER", "1000",
          "RUNHOOK_ALLOWED_NETWORKS", "127.0.0.0/8",
          "RUNHOOK_LOG_LEVEL", "warn");

  private final long seed = Long.getLong("runhook.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final List<LoggedReceiver> receivers = new ArrayList<>();
  private final ExecutorService reporters = Executors.newFixedThreadPool(REPORTERS);
  private final Progress progress = new Progress();
  @TempDir private Path folder;
  private Home home = new Home(Path.of("."), Map.of());

  @BeforeEach
  void open() {
    home = new Home(folder, SETTINGS);
    for (int i = 0; i < WEBHOOKS; i++) {
      Random chance = new Random(random.nextLong());
      receivers.add(LoggedReceiver.answering(_ -> chance.nextDouble() < REFUSED ? 500 : 204));
    }
  }

  @AfterEach
  void close() {
    reporters.shutdownNow();
    home.close();
    receivers.forEach(LoggedReceiver::close);
  }

  @Test
  void what_was_acknowledged_arrives_in_order_however_often_the_process_is_killed()
      throws Exception {
    System.out.println("CrashIT seed " + seed);
    RunhookProcess server = home.serve();
    ApiClient client = home.client(server);
    client.registerStack(STACK);
    for (LoggedReceiver receiver : receivers) {
      client.createWebhook(STACK, receiver.url(), LoggedReceiver.SECRET);
    }

    progress.serverIs(client);
    List<Future<?>> reports = startReporting();
    for (int transitions : momentsOfDeath()) {
      progress.awaitAcknowledged(transitions);
      server.kill();
      if (random.nextBoolean()) {
        home.killDatabase();
      }
      server = home.serve();
      progress.serverIs(home.client(server));
    }
    awaitAll(reports);
    await().atMost(PATIENCE).until(this::allHaveArrived);

    assertThat(server.terminate()).as(server.everything()).isZero();
    summarize();
    receivers.forEach(receiver -> new LaneReview(STATES).review(receiver.log(), runs()));
  }

  private List<Integer> momentsOfDeath() {
    return random
        .ints(TRANSITIONS / 20, TRANSITIONS * 19 / 20)
        .distinct()
        .limit(KILLS)
        .sorted()
        .boxed()
        .toList();
  }

  /// Each reporter has runs of its own and moves them all a step before the next one.
  private List<Future<?>> startReporting() {
    List<Future<?>> reports = new ArrayList<>();
    for (int i = 0; i < REPORTERS; i++) {
      int first = i;
      reports.add(reporters.submit(() -> report(first)));
    }
    return reports;
  }

  private void report(int first) {
    for (int version = 1; version <= STATES.size(); version++) {
      for (int run = first; run < RUNS; run += REPORTERS) {
        report("run-" + run, version);
      }
    }
  }

  private void report(String run, int version) {
    progress.acknowledge(client ->
        version == 1
            ? client.startRun(STACK, run)
            : client.move(STACK, run, STATES.get(version - 1), version));
  }

  private static void awaitAll(List<Future<?>> reports)
      throws InterruptedException, ExecutionException, TimeoutException {
    for (Future<?> report : reports) {
      report.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }
  }

  private boolean allHaveArrived() {
    return receivers.stream()
        .allMatch(receiver ->
            receiver.log().stream()
                    .filter(Arrival::accepted)
                    .map(arrival -> arrival.run() + " " + arrival.version())
                    .distinct()
                    .count()
                >= TRANSITIONS);
  }

  private static List<String> runs() {
    List<String> runs = new ArrayList<>();
    for (int run = 0; run < RUNS; run++) {
      runs.add("run-" + run);
    }
    return runs;
  }

  private void summarize() throws IOException {
    long arrived = receivers.stream().mapToLong(LoggedReceiver::count).sum();
    long refused =
        receivers.stream()
            .flatMap(receiver -> receiver.log().stream())
            .filter(arrival -> !arrival.accepted())
            .count();
    long wanted = (long) TRANSITIONS * WEBHOOKS;
    System.out.printf(
        "CrashIT seed %d: %d kills, %d transitions acknowledged (%d calls repeated), %d deliveries wanted, %d arrivals: %d refused by the"
            + " receivers, %d duplicates%n",
        seed,
        KILLS,
        progress.acknowledged(),
        progress.repeated(),
        wanted,
        arrived,
        refused,
        arrived - refused - wanted);
  }
}
