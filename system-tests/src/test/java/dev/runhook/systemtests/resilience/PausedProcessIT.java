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

/// A node that stands still for longer than its lease, and comes back believing that nothing
/// happened.
class PausedProcessIT {
  private static final int IN_FLIGHT = 64;

  /// Its lease is the least there is, 40 s.
  private static final Map<String, String> SETTINGS =
      FaultSuite.settings(
          Map.of(
              "RUNHOOK_TIMEOUT", "1s",
              "RUNHOOK_MAX_IN_FLIGHT", Integer.toString(IN_FLIGHT),
              "RUNHOOK_MAX_IN_FLIGHT_PER_WEBHOOK", "16"));

  private static final Duration LEASE = Duration.ofSeconds(40);
  private static final Duration LATENCY = Duration.ofMillis(50);
  private static final Pattern TOO_LATE = Pattern.compile("ended after its lease, changed nothing");

  private final FaultSuite faultSuite = FaultSuite.named("ZombieIT");
  private final RandomGenerator random = faultSuite.random();
  private final Duration asleep = LEASE.multipliedBy(FaultSuite.choose(1, 2));
  private final LoadProfile loadProfile = FaultSuite.choose(LoadProfile.SMALL, LoadProfile.LARGE);
  private final LoadGenerator loadGenerator = LoadGenerator.respondingSlowly(loadProfile, LATENCY);
  @TempDir private Path folder;
  private ClusterFixture clusterFixture;

  @BeforeEach
  void open() {
    clusterFixture = new ClusterFixture(folder);
  }

  @AfterEach
  void close() {
    clusterFixture.close();
    loadGenerator.close();
  }

  @Test
  void a_node_that_stood_still_is_replaced_and_changes_nothing_when_it_comes_back()
      throws Exception {
    Node zombie = clusterFixture.start(SETTINGS);
    Node other = clusterFixture.start(SETTINGS);
    loadGenerator.start(zombie.client(), other.client());

    loadGenerator.client().awaitAcknowledged(loadGenerator.crashPoints(1, random).getFirst());
    long frozen = System.nanoTime();
    zombie.process().pause();
    loadGenerator.client().useServer(other.client());
    loadGenerator.awaitDeliveries(FaultSuite.timeout());
    Duration tookOver = since(frozen);
    await().atMost(FaultSuite.timeout()).until(() -> since(frozen).compareTo(asleep) > 0);
    zombie.process().resume();
    await()
        .atMost(RunhookProcess.TIMEOUT)
        .until(() -> zombie.process().err().find(TOO_LATE).findAny().isPresent());

    assertThat(zombie.process().terminate()).as(zombie.process().allOutput()).isZero();
    assertThat(other.process().terminate()).as(other.process().allOutput()).isZero();
    DeliveryCounts deliveryCounts = loadGenerator.verifyAllowingLateRequests();
    faultSuite.report(
        "one of 2 nodes stood still, all had arrived without it after %d s (its lease is %d s), %d late settlements changed nothing; %s"
            .formatted(
                tookOver.toSeconds(),
                LEASE.toSeconds(),
                zombie.process().err().find(TOO_LATE).count(),
                deliveryCounts));
    assertThat(tookOver).isGreaterThan(LEASE);
    assertThat(deliveryCounts.duplicates()).isLessThanOrEqualTo(IN_FLIGHT);
  }

  private static Duration since(long moment) {
    return Duration.ofNanos(System.nanoTime() - moment);
  }
}
