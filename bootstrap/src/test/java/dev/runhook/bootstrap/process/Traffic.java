package dev.runhook.bootstrap.process;

import static org.awaitility.Awaitility.await;

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
final class Traffic implements AutoCloseable {
  private static final String STACK = "load";
  private static final double REFUSED = 0.05;

  private final Load load;
  private final List<LoggedReceiver> receivers;
  private final ExecutorService reporters;
  private final List<Future<?>> reports = new ArrayList<>();
  private final Progress progress = new Progress();

  private Traffic(Load load, Supplier<LoggedReceiver> receivers) {
    this.load = load;
    this.receivers = Stream.generate(receivers).limit(load.webhooks()).toList();
    this.reporters = Executors.newFixedThreadPool(load.reporters());
  }

  /// Traffic to receivers that refuse one in twenty.
  static Traffic refusingSome(Load load, RandomGenerator random) {
    return new Traffic(
        load,
        () -> {
          RandomGenerator chance = new Random(random.nextLong());
          return LoggedReceiver.answering(_ -> chance.nextDouble() < REFUSED ? 500 : 204);
        });
  }

  /// @param answers the status by an arrival's place in a receiver's log
  static Traffic answering(Load load, IntUnaryOperator answers) {
    return new Traffic(load, () -> LoggedReceiver.answering(answers));
  }

  /// Traffic to receivers that accept everything, but take that long for it.
  static Traffic slowly(Load load, Duration latency) {
    return new Traffic(load, () -> LoggedReceiver.acceptingIn(latency));
  }

  Progress progress() {
    return progress;
  }

  /// Attaches the webhooks through the first of these servers, and starts to report to all of them
  /// by turns.
  void begin(ApiClient... servers) throws IOException {
    servers[0].registerStack(STACK);
    for (LoggedReceiver receiver : receivers) {
      servers[0].createWebhook(STACK, receiver.url(), LoggedReceiver.SECRET);
    }
    progress.serversAre(List.of(servers));
    for (int i = 0; i < load.reporters(); i++) {
      int first = i;
      reports.add(reporters.submit(() -> report(first)));
    }
  }

  /// So many counts of acknowledged changes, at which something may befall the servers.
  List<Integer> moments(int many, RandomGenerator random) {
    int all = load.transitions();
    return random.ints(all / 20, all * 19 / 20).distinct().limit(many).sorted().boxed().toList();
  }

  /// How many deliveries were accepted at least once.
  int accepted() {
    return receivers.stream().mapToInt(LoggedReceiver::acceptedDeliveries).sum();
  }

  /// Waits until all is acknowledged and has arrived.
  void awaitArrival(Duration patience)
      throws InterruptedException, ExecutionException, TimeoutException {
    for (Future<?> report : reports) {
      report.get(patience.toSeconds(), TimeUnit.SECONDS);
    }
    await("all " + load.deliveries() + " deliveries")
        .atMost(patience)
        .until(this::accepted, accepted -> accepted >= load.deliveries());
  }

  /// Fails where anything was lost, made up, reordered or changed.
  Tally review() {
    return review(() -> new LaneReview(ApiClient.STATES));
  }

  /// The same for senders that stood still with requests half out.
  Tally reviewFrozenSenders() {
    return review(() -> LaneReview.ofFrozenSenders(ApiClient.STATES));
  }

  private Tally review(Supplier<LaneReview> judge) {
    List<String> runs = IntStream.range(0, load.runs()).mapToObj(Traffic::name).toList();
    receivers.forEach(receiver -> judge.get().review(receiver.log(), runs));
    List<Arrival> all = receivers.stream().flatMap(receiver -> receiver.log().stream()).toList();
    int refused = (int) all.stream().filter(arrival -> !arrival.accepted()).count();
    return new Tally(
        progress.acknowledged(),
        progress.repeated(),
        load.deliveries(),
        all.size(),
        refused,
        all.size() - refused - load.deliveries());
  }

  @Override
  public void close() {
    reporters.shutdownNow();
    receivers.forEach(LoggedReceiver::close);
  }

  /// A reporter has runs of its own and moves them all a step before the next one.
  private void report(int first) {
    for (int version = 1; version <= ApiClient.STATES.size(); version++) {
      for (int run = first; run < load.runs(); run += load.reporters()) {
        report(name(run), version);
      }
    }
  }

  private void report(String run, int version) {
    progress.acknowledge(server -> server.report(STACK, run, version));
  }

  private static String name(int run) {
    return "run-" + run;
  }
}
