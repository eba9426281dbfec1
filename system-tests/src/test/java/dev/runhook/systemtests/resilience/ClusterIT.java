package dev.runhook.systemtests.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.runhook.systemtests.fixture.ApiClient;
import dev.runhook.systemtests.fixture.FaultSuite;
import dev.runhook.systemtests.fixture.ReceivedRequest;
import dev.runhook.systemtests.fixture.RecordingReceiver;
import dev.runhook.systemtests.fixture.RunhookProcess;
import dev.runhook.systemtests.resilience.ClusterFixture.Node;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Several servers on one database share the work.
class ClusterIT {
  private static final Map<String, String> SETTINGS =
      FaultSuite.settings(Map.of("RUNHOOK_LOG_LEVEL", "info"));

  /// Each sender logs the attempts that failed. The receivers reject 5% of all attempts.
  private static final Pattern FAILED =
      Pattern.compile("attempt failed; retry scheduled.* outcome=\"(\\w+)\"");

  /// Clearly below the mean wait for a poll, which is half a second.
  private static final Duration MAX_MEDIAN = Duration.ofMillis(250);

  @TempDir private Path folder;
  private ClusterFixture cluster;

  @BeforeEach
  void open() {
    cluster = new ClusterFixture(folder);
  }

  @AfterEach
  void close() {
    cluster.close();
  }

  @Test
  void nodes_share_the_work_and_nothing_is_sent_twice() throws Exception {
    FaultSuite faultSuite = FaultSuite.of("ClusterIT, shared work");
    List<Node> all =
        Stream.generate(() -> cluster.start(SETTINGS)).limit(FaultSuite.choose(2, 3)).toList();
    try (LoadGenerator loadGenerator =
        LoadGenerator.rejectingSome(
            FaultSuite.choose(LoadProfile.SMALL, LoadProfile.LARGE), faultSuite.random())) {
      loadGenerator.start(all.stream().map(Node::client).toArray(ApiClient[]::new));
      loadGenerator.awaitDeliveries(FaultSuite.timeout());

      DeliveryCounts deliveryCounts = loadGenerator.verify();
      List<Map<String, Long>> failed = all.stream().map(ClusterIT::failedAttempts).toList();
      faultSuite.report(
          "%d nodes, whose failed attempts were %s; %s"
              .formatted(all.size(), failed, deliveryCounts));
      assertThat(deliveryCounts.duplicates()).isZero();
      assertThat(failed).allSatisfy(counts -> assertThat(counts).containsKey("REJECTED"));
      for (Node node : all) {
        assertThat(node.process().terminate()).as(node.process().allOutput()).isZero();
      }
    }
  }

  @Test
  void a_worker_is_notified_of_events_that_another_node_records() throws Exception {
    FaultSuite faultSuite = FaultSuite.of("ClusterIT, wake-up");
    Node worker = cluster.start(with("RUNHOOK_ROLE", "worker"));
    Node api = cluster.start(with("RUNHOOK_ROLE", "api"));
    int events = FaultSuite.choose(50, 500);
    AtomicLongArray arrivals = new AtomicLongArray(events);
    try (RecordingReceiver receiver =
        RecordingReceiver.respondingWith(index -> {
          arrivals.set(index, System.nanoTime());
          return 204;
        })) {
      api.client().putStack("waking");
      api.client().createWebhook("waking", receiver.url(), RecordingReceiver.SECRET);

      List<Duration> latencies = new ArrayList<>();
      for (int event = 0; event < events; event++) {
        int before = event;
        long reported = System.nanoTime();
        api.client().startRun("waking", "run-" + event).requireSuccess();
        await()
            .pollInterval(Duration.ofMillis(5))
            .atMost(RunhookProcess.TIMEOUT)
            .until(() -> receiver.count() > before);
        latencies.add(Duration.ofNanos(arrivals.get(event) - reported));
      }

      List<Duration> sorted = latencies.stream().sorted().toList();
      Duration median = sorted.get(events / 2);
      faultSuite.report(
          "%d events recorded by an API node and sent by a worker: median %d ms, p95 %d ms, from the call to the receiver"
              .formatted(events, median.toMillis(), sorted.get(events * 95 / 100).toMillis()));
      assertThat(receiver.requests())
          .extracting(ReceivedRequest::run)
          .containsExactlyElementsOf(runs(events));
      assertThat(median).isLessThan(MAX_MEDIAN);
      assertThat(worker.process().isAlive()).isTrue();
    }
  }

  private static Map<String, Long> failedAttempts(Node node) {
    return node.process()
        .err()
        .find(FAILED)
        .collect(Collectors.groupingBy(line -> line.group(1), Collectors.counting()));
  }

  private static List<String> runs(int count) {
    return IntStream.range(0, count).mapToObj(run -> "run-" + run).toList();
  }

  private static Map<String, String> with(String name, String value) {
    Map<String, String> all = new HashMap<>(SETTINGS);
    all.put(name, value);
    return all;
  }
}
