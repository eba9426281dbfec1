package dev.runhook.systemtests.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.runhook.systemtests.fixture.FaultSuite;
import dev.runhook.systemtests.fixture.RunhookProcess;
import dev.runhook.systemtests.resilience.ClusterFixture.Node;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A node is paused for longer than its lease and then continues.
class PausedProcessIT {
  /// One account uses at most half of them, so the long form needs more to end in time.
  private static final int IN_FLIGHT = FaultSuite.choose(64, 256);

  private static final Duration LEASE = Duration.ofSeconds(12);
  private static final Map<String, String> SETTINGS =
      FaultSuite.settings(
          Map.of(
              "RUNHOOK_TIMEOUT",
              "5s",
              "RUNHOOK_LEASE",
              LEASE.toSeconds() + "s",
              "RUNHOOK_MAX_IN_FLIGHT",
              Integer.toString(IN_FLIGHT),
              "RUNHOOK_MAX_IN_FLIGHT_PER_WEBHOOK",
              "16"));

  /// Long enough that each node has requests in flight at any time, even if reports are slow.
  private static final Duration LATENCY = Duration.ofMillis(300);

  private static final Pattern LEASE_EXPIRED =
      Pattern.compile("attempt result discarded because the lease had expired");

  private final FaultSuite faultSuite = FaultSuite.of("PausedProcessIT");
  private final RandomGenerator random = faultSuite.random();
  private final Duration pause = LEASE.multipliedBy(FaultSuite.choose(1, 2));
  private final LoadProfile loadProfile = FaultSuite.choose(LoadProfile.SMALL, LoadProfile.LARGE);
  private final LoadGenerator loadGenerator = LoadGenerator.respondingSlowly(loadProfile, LATENCY);
  @TempDir private Path folder;
  private ClusterFixture cluster;

  @BeforeEach
  void open() {
    cluster = new ClusterFixture(folder);
  }

  @AfterEach
  void close() {
    cluster.close();
    loadGenerator.close();
  }

  @Test
  void a_paused_node_is_replaced_and_changes_nothing_when_it_resumes() throws Exception {
    Node paused = cluster.start(SETTINGS);
    Node other = cluster.start(SETTINGS);
    loadGenerator.start(paused.client(), other.client());

    loadGenerator.client().awaitAcknowledged(loadGenerator.crashTimes(1, random).getFirst());
    await("webhooks that have proven themselves")
        .atMost(FaultSuite.timeout())
        .until(() -> loadGenerator.acceptedDeliveries() > IN_FLIGHT);
    long pausedAt = System.nanoTime();
    paused.process().pause();
    loadGenerator.client().useServer(other.client());
    loadGenerator.awaitDeliveries(FaultSuite.timeout());
    Duration timeUntilTakeover = since(pausedAt);
    await().atMost(FaultSuite.timeout()).until(() -> since(pausedAt).compareTo(pause) > 0);
    paused.process().resume();
    await()
        .atMost(RunhookProcess.TIMEOUT)
        .until(() -> paused.process().err().find(LEASE_EXPIRED).findAny().isPresent());

    assertThat(paused.process().terminate()).as(paused.process().allOutput()).isZero();
    assertThat(other.process().terminate()).as(other.process().allOutput()).isZero();
    DeliveryCounts deliveryCounts = loadGenerator.verifyAllowingLateRequests();
    faultSuite.report(
        "one of 2 nodes paused: all deliveries had arrived without it after %d s (lease %d s), %d late completions changed nothing; %s"
            .formatted(
                timeUntilTakeover.toSeconds(),
                LEASE.toSeconds(),
                paused.process().err().find(LEASE_EXPIRED).count(),
                deliveryCounts));
    assertThat(timeUntilTakeover).isGreaterThan(LEASE);
    assertThat(deliveryCounts.duplicates()).isLessThanOrEqualTo(IN_FLIGHT);
  }

  private static Duration since(long start) {
    return Duration.ofNanos(System.nanoTime() - start);
  }
}
