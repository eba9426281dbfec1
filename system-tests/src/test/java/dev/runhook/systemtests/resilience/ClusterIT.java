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
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Several servers on one PostgreSQL share the work and get in nobody's way.
class ClusterIT {
  private static final Map<String, String> SETTINGS =
      FaultSuite.settings(Map.of("RUNHOOK_LOG_LEVEL", "info"));

  /// A sender tells of what was refused, which is one in twenty.
  private static final Pattern REFUSED = Pattern.compile("failed, to be retried");

  /// Well below the mean wait for a poll, which is half of its second.
  private static final Duration WOKEN = Duration.ofMillis(250);

  @TempDir private Path folder;
  private ClusterFixture clusterFixture;

  @BeforeEach
  void open() {
    clusterFixture = new ClusterFixture(folder);
  }

  @AfterEach
  void close() {
    clusterFixture.close();
  }

  @Test
  void nodes_share_the_work_and_nothing_is_sent_twice() throws Exception {
    FaultSuite faultSuite = FaultSuite.named("NodesIT sharing");
    List<Node> all =
        Stream.generate(() -> clusterFixture.start(SETTINGS))
            .limit(FaultSuite.choose(2, 3))
            .toList();
    try (LoadGenerator loadGenerator =
        LoadGenerator.rejectingSome(
            FaultSuite.choose(LoadProfile.SMALL, LoadProfile.LARGE), faultSuite.random())) {
      loadGenerator.start(all.stream().map(Node::client).toArray(ApiClient[]::new));
      loadGenerator.awaitDeliveries(FaultSuite.timeout());

      DeliveryCounts deliveryCounts = loadGenerator.verify();
      List<Long> refused =
          all.stream().map(node -> node.process().err().find(REFUSED).count()).toList();
      faultSuite.report(
          all.size()
              + " nodes, of the refused attempts each made "
              + refused
              + "; "
              + deliveryCounts);
      assertThat(deliveryCounts.duplicates()).isZero();
      assertThat(refused).allMatch(count -> count > 0);
      for (Node node : all) {
        assertThat(node.process().terminate()).as(node.process().allOutput()).isZero();
      }
    }
  }

  @Test
  void what_one_node_only_records_another_is_woken_to_send() throws Exception {
    FaultSuite faultSuite = FaultSuite.named("NodesIT waking");
    Node worker = clusterFixture.start(with("RUNHOOK_ROLE", "worker"));
    Node api = clusterFixture.start(with("RUNHOOK_ROLE", "api"));
    int events = FaultSuite.choose(50, 500);
    AtomicLongArray arrivals = new AtomicLongArray(events);
    try (RecordingReceiver receiver =
        RecordingReceiver.respondingWith(order -> {
          arrivals.set(order, System.nanoTime());
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
          "%d events from a node that only records, sent by one that only sends: median %d ms, 95 %% within %d ms, from the call to the receiver"
              .formatted(events, median.toMillis(), sorted.get(events * 95 / 100).toMillis()));
      assertThat(receiver.requests())
          .extracting(ReceivedRequest::run)
          .containsExactlyElementsOf(runs(events));
      assertThat(median).isLessThan(WOKEN);
      assertThat(worker.process().isAlive()).isTrue();
    }
  }

  private static List<String> runs(int many) {
    return IntStream.range(0, many).mapToObj(run -> "run-" + run).toList();
  }

  private static Map<String, String> with(String name, String value) {
    Map<String, String> all = new HashMap<>(SETTINGS);
    all.put(name, value);
    return all;
  }
}
