package dev.runhook.systemtests.resilience;

import static org.awaitility.Awaitility.await;

import dev.runhook.systemtests.fixture.ApiClient;
import dev.runhook.systemtests.fixture.DeliveryLogVerifier;
import dev.runhook.systemtests.fixture.ReceivedRequest;
import dev.runhook.systemtests.fixture.RecordingReceiver;
import dev.runhook.systemtests.fixture.RetryingClient;
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

/// Reports the transitions of many runs of a few stacks from several threads, repeats each report
/// until it is acknowledged, and checks what the receivers got.
final class LoadGenerator implements AutoCloseable {
  /// With four buckets, each has one of them.
  private static final List<String> STACKS = List.of("queue", "compute", "network", "database");

  private static final double REJECTED = 0.05;

  private final LoadProfile profile;
  private final List<RecordingReceiver> receivers;
  private final ExecutorService reporters;
  private final List<Future<?>> reports = new ArrayList<>();
  private final RetryingClient client = new RetryingClient();

  private LoadGenerator(LoadProfile profile, Supplier<RecordingReceiver> receivers) {
    this.profile = profile;
    this.receivers = Stream.generate(receivers).limit(profile.webhooks()).toList();
    this.reporters = Executors.newFixedThreadPool(profile.reporters());
  }

  /// Sends to receivers that reject 5% of the requests.
  static LoadGenerator rejectingSome(LoadProfile profile, RandomGenerator random) {
    return new LoadGenerator(
        profile,
        () -> {
          RandomGenerator rejections = new Random(random.nextLong());
          return RecordingReceiver.respondingWith(
              _ -> rejections.nextDouble() < REJECTED ? 500 : 204);
        });
  }

  /// @param statuses the status of each response, by the index of the request in the receiver's log
  static LoadGenerator respondingWith(LoadProfile profile, IntUnaryOperator statuses) {
    return new LoadGenerator(profile, () -> RecordingReceiver.respondingWith(statuses));
  }

  /// Sends to receivers that accept each request after a delay.
  static LoadGenerator respondingSlowly(LoadProfile profile, Duration latency) {
    return new LoadGenerator(profile, () -> RecordingReceiver.acceptingAfter(latency));
  }

  RetryingClient client() {
    return client;
  }

  /// Creates the webhooks through the first of these servers and starts to report to all of them in
  /// turn.
  void start(ApiClient... servers) throws IOException {
    for (String stack : STACKS) {
      servers[0].putStack(stack);
      for (RecordingReceiver receiver : receivers) {
        servers[0].createWebhook(stack, receiver.url(), RecordingReceiver.SECRET);
      }
    }
    client.useServers(List.of(servers));
    for (int i = 0; i < profile.reporters(); i++) {
      int first = i;
      reports.add(reporters.submit(() -> report(first)));
    }
  }

  /// Random counts of acknowledged transitions at which to end a server, in ascending order.
  List<Integer> crashTimes(int count, RandomGenerator random) {
    int all = profile.transitions();
    return random.ints(all / 20, all * 19 / 20).distinct().limit(count).sorted().boxed().toList();
  }

  /// The number of deliveries that were accepted at least once.
  int acceptedDeliveries() {
    return receivers.stream().mapToInt(RecordingReceiver::acceptedDeliveries).sum();
  }

  /// Waits until all transitions are acknowledged and all deliveries have arrived.
  void awaitDeliveries(Duration timeout)
      throws InterruptedException, ExecutionException, TimeoutException {
    for (Future<?> report : reports) {
      report.get(timeout.toSeconds(), TimeUnit.SECONDS);
    }
    await("all " + profile.deliveries() + " deliveries")
        .atMost(timeout)
        .until(this::acceptedDeliveries, accepted -> accepted >= profile.deliveries());
  }

  /// Fails if a delivery was lost, unexpected, out of order or changed.
  DeliveryCounts verify() {
    return verify(() -> new DeliveryLogVerifier(ApiClient.STATES));
  }

  /// Verifies the deliveries of senders that were paused while they sent requests.
  DeliveryCounts verifyAllowingLateRequests() {
    return verify(() -> DeliveryLogVerifier.allowingLateRequests(ApiClient.STATES));
  }

  private DeliveryCounts verify(Supplier<DeliveryLogVerifier> verifier) {
    List<String> runs = IntStream.range(0, profile.runs()).mapToObj(LoadGenerator::name).toList();
    receivers.forEach(receiver -> verifier.get().verify(receiver.requests(), runs));
    List<ReceivedRequest> all =
        receivers.stream().flatMap(receiver -> receiver.requests().stream()).toList();
    int rejected = (int) all.stream().filter(request -> !request.accepted()).count();
    return new DeliveryCounts(
        client.acknowledged(),
        client.retries(),
        profile.deliveries(),
        all.size(),
        rejected,
        all.size() - rejected - profile.deliveries());
  }

  @Override
  public void close() {
    reporters.shutdownNow();
    receivers.forEach(RecordingReceiver::close);
  }

  /// Each reporter has its own runs and reports a version of all of them before the next version.
  private void report(int first) {
    for (int version = 1; version <= ApiClient.STATES.size(); version++) {
      for (int run = first; run < profile.runs(); run += profile.reporters()) {
        report(STACKS.get(run % STACKS.size()), name(run), version);
      }
    }
  }

  private void report(String stack, String run, int version) {
    client.callUntilAcknowledged(server -> server.recordVersion(stack, run, version));
  }

  private static String name(int run) {
    return "run-" + run;
  }
}
