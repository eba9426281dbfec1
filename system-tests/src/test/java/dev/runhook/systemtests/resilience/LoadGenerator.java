package dev.runhook.systemtests.resilience;

import static org.awaitility.Awaitility.await;

import dev.runhook.systemtests.fixture.ApiClient;
import dev.runhook.systemtests.fixture.ReceivedRequest;
import dev.runhook.systemtests.fixture.RecordingReceiver;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntUnaryOperator;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Reports the changes of many runs from several threads, each change until it is acknowledged, and
/// holds what the receivers got against that.
final class LoadGenerator implements AutoCloseable {
  private static final String STACK = "load";
  private static final double REFUSED = 0.05;

  private final LoadProfile loadProfile;
  private final List<RecordingReceiver> receivers;
  private final ExecutorService reporters;
  private final List<Future<?>> reports = new ArrayList<>();
  private final RetryingClient client = new RetryingClient();

  private LoadGenerator(LoadProfile load, Supplier<RecordingReceiver> receivers) {
    this.loadProfile = load;
    this.receivers = Stream.generate(receivers).limit(load.webhooks()).toList();
    this.reporters = Executors.newFixedThreadPool(load.reporters());
  }

  /// Traffic to receivers that refuse one in twenty.
  static LoadGenerator rejectingSome(LoadProfile load, RandomGenerator random) {
    return new LoadGenerator(
        load,
        () -> {
          RandomGenerator chance = new Random(random.nextLong());
          return RecordingReceiver.respondingWith(_ -> chance.nextDouble() < REFUSED ? 500 : 204);
        });
  }

  /// @param answers the status by an arrival's place in a receiver's log
  static LoadGenerator respondingWith(LoadProfile load, IntUnaryOperator answers) {
    return new LoadGenerator(load, () -> RecordingReceiver.respondingWith(answers));
  }

  /// Traffic to receivers that accept everything, but take that long for it.
  static LoadGenerator respondingSlowly(LoadProfile load, Duration latency) {
    return new LoadGenerator(load, () -> RecordingReceiver.acceptingAfter(latency));
  }

  RetryingClient client() {
    return client;
  }

  /// Attaches the webhooks through the first of these servers, and starts to report to all of them
  /// by turns.
  void start(ApiClient... servers) throws IOException {
    servers[0].putStack(STACK);
    for (RecordingReceiver receiver : receivers) {
      servers[0].createWebhook(STACK, receiver.url(), RecordingReceiver.SECRET);
    }
    client.useServers(List.of(servers));
    for (int i = 0; i < loadProfile.reporters(); i++) {
      int first = i;
      reports.add(reporters.submit(() -> report(first)));
    }
  }

  /// So many counts of acknowledged changes, at which something may befall the servers.
  List<Integer> crashPoints(int many, RandomGenerator random) {
    int all = loadProfile.transitions();
    return random.ints(all / 20, all * 19 / 20).distinct().limit(many).sorted().boxed().toList();
  }

  /// How many deliveries were accepted at least once.
  int acceptedDeliveries() {
    return receivers.stream().mapToInt(RecordingReceiver::acceptedDeliveries).sum();
  }

  /// Waits until all is acknowledged and has arrived.
  void awaitDeliveries(Duration patience)
      throws InterruptedException, ExecutionException, TimeoutException {
    for (Future<?> report : reports) {
      report.get(patience.toSeconds(), TimeUnit.SECONDS);
    }
    await("all " + loadProfile.deliveries() + " deliveries")
        .atMost(patience)
        .until(this::acceptedDeliveries, accepted -> accepted >= loadProfile.deliveries());
  }

  /// Fails where anything was lost, made up, reordered or changed.
  DeliveryCounts verify() {
    return verify(() -> new DeliveryLogVerifier(ApiClient.STATES));
  }

  /// The same for senders that stood still with requests half out.
  DeliveryCounts verifyAllowingLateRequests() {
    return verify(() -> DeliveryLogVerifier.allowingLateRequests(ApiClient.STATES));
  }

  private DeliveryCounts verify(Supplier<DeliveryLogVerifier> judge) {
    List<String> runs =
        IntStream.range(0, loadProfile.runs()).mapToObj(LoadGenerator::name).toList();
    receivers.forEach(receiver -> judge.get().verify(receiver.requests(), runs));
    List<ReceivedRequest> all =
        receivers.stream().flatMap(receiver -> receiver.requests().stream()).toList();
    int refused = (int) all.stream().filter(receivedRequest -> !receivedRequest.accepted()).count();
    return new DeliveryCounts(
        client.acknowledged(),
        client.retries(),
        loadProfile.deliveries(),
        all.size(),
        refused,
        all.size() - refused - loadProfile.deliveries());
  }

  @Override
  public void close() {
    reporters.shutdownNow();
    receivers.forEach(RecordingReceiver::close);
  }

  /// A reporter has runs of its own and moves them all a step before the next one.
  private void report(int first) {
    for (int version = 1; version <= ApiClient.STATES.size(); version++) {
      for (int run = first; run < loadProfile.runs(); run += loadProfile.reporters()) {
        report(name(run), version);
      }
    }
  }

  private void report(String run, int version) {
    client.callUntilAcknowledged(server -> server.recordVersion(STACK, run, version));
  }

  private static String name(int run) {
    return "run-" + run;
  }
}
