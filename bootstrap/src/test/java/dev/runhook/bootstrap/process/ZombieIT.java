package dev.runhook.bootstrap.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.runhook.bootstrap.process.Nodes.Node;
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
class ZombieIT {
  private static final int IN_FLIGHT = 64;

  /// Its lease is the least there is, 40 s.
  private static final Map<String, String> SETTINGS =
      Suite.settings(
          Map.of(
              "RUNHOOK_TIMEOUT", "1s",
              "RUNHOOK_MAX_IN_FLIGHT", Integer.toString(IN_FLIGHT),
              "RUNHOOK_MAX_IN_FLIGHT_PER_WEBHOOK", "16"));

  private static final Duration LEASE = Duration.ofSeconds(40);
  private static final Duration LATENCY = Duration.ofMillis(50);
  private static final Pattern TOO_LATE = Pattern.compile("ended after its lease, changed nothing");

  private final Suite suite = Suite.named("ZombieIT");
  private final RandomGenerator random = suite.random();
  private final Duration asleep = LEASE.multipliedBy(Suite.choose(1, 2));
  private final Load load = Suite.choose(Load.BRIEF, Load.FULL);
  private final Traffic traffic = Traffic.slowly(load, LATENCY);
  @TempDir private Path folder;
  private Nodes nodes;

  @BeforeEach
  void open() {
    nodes = new Nodes(folder);
  }

  @AfterEach
  void close() {
    nodes.close();
    traffic.close();
  }

  @Test
  void a_node_that_stood_still_is_replaced_and_changes_nothing_when_it_comes_back()
      throws Exception {
    Node zombie = nodes.start(SETTINGS);
    Node other = nodes.start(SETTINGS);
    traffic.begin(zombie.client(), other.client());

    traffic.progress().awaitAcknowledged(traffic.moments(1, random).getFirst());
    long frozen = System.nanoTime();
    zombie.process().freeze();
    traffic.progress().serverIs(other.client());
    traffic.awaitArrival(Suite.patience());
    Duration tookOver = since(frozen);
    await().atMost(Suite.patience()).until(() -> since(frozen).compareTo(asleep) > 0);
    zombie.process().thaw();
    await()
        .atMost(RunhookProcess.PATIENCE)
        .until(() -> zombie.process().err().find(TOO_LATE).findAny().isPresent());

    assertThat(zombie.process().terminate()).as(zombie.process().everything()).isZero();
    assertThat(other.process().terminate()).as(other.process().everything()).isZero();
    Tally tally = traffic.reviewFrozenSenders();
    suite.say(
        "one of 2 nodes stood still, all had arrived without it after %d s (its lease is %d s), %d late settlements changed nothing; %s"
            .formatted(
                tookOver.toSeconds(),
                LEASE.toSeconds(),
                zombie.process().err().find(TOO_LATE).count(),
                tally));
    assertThat(tookOver).isGreaterThan(LEASE);
    assertThat(tally.duplicates()).isLessThanOrEqualTo(IN_FLIGHT);
  }

  private static Duration since(long moment) {
    return Duration.ofNanos(System.nanoTime() - moment);
  }
}
