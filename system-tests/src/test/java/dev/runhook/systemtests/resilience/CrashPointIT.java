package dev.runhook.systemtests.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.systemtests.fixture.FaultSuite;
import dev.runhook.systemtests.fixture.RunhookProcess;
import dev.runhook.systemtests.fixture.ServerInstallation;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The server halts at each critical point in the path of an event. There is only one lane, so the
/// number of duplicates is exact.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CrashPointIT {
  private static final Map<String, String> SETTINGS =
      FaultSuite.settings(
          Map.of(
              "RUNHOOK_TIMEOUT", "10s",
              "RUNHOOK_LEASE", "12s",
              "RUNHOOK_RETRY_SCHEDULE", "50ms" + ",50ms".repeat(29)));

  private final FaultSuite faultSuite = FaultSuite.of("CrashPointIT");
  private final RandomGenerator random = faultSuite.random();
  @TempDir private static Path folder;
  private ClusterFixture cluster;

  @BeforeAll
  void open() {
    cluster = new ClusterFixture(folder);
  }

  @AfterAll
  void close() {
    cluster.close();
  }

  @ParameterizedTest
  @EnumSource
  void nothing_is_lost_and_only_a_request_in_flight_is_sent_twice(CrashPoint point)
      throws Exception {
    for (int hit : hits(point)) {
      DeliveryCounts deliveryCounts = crashAt(point, hit);

      faultSuite.report("halted at " + point + ", hit " + hit + "; " + deliveryCounts);
      assertThat(deliveryCounts.duplicates()).isEqualTo(point.duplicates());
    }
  }

  /// At which of its occurrences the process halts.
  private List<Integer> hits(CrashPoint point) {
    return switch (point) {
      case DURING_MIGRATION, AFTER_INSERT_BEFORE_COMMIT, AFTER_COMMIT_BEFORE_RESPONSE -> List.of(1);
      case AFTER_CLAIM,
          AFTER_REQUEST_BEFORE_RECEIVER_RESPONSE,
          AFTER_RECEIVER_RESPONSE_BEFORE_COMPLETION,
          DURING_COMPLETION,
          AFTER_COMPLETION ->
          FaultSuite.choose(List.of(random.nextInt(1, 7)), List.of(1, 4, 7));
    };
  }

  private DeliveryCounts crashAt(CrashPoint point, int hit) throws Exception {
    boolean migrated = point != CrashPoint.DURING_MIGRATION;
    String name = "%s_%d".formatted(point, hit).toLowerCase(Locale.ROOT);
    String url =
        migrated
            ? cluster.database().createDatabaseWithTables(name)
            : cluster.database().createDatabase(name);
    ServerInstallation installation = cluster.installation(url, SETTINGS);
    RunhookProcess crashing =
        installation.startCommand(FaultInjectingMain.command(point, hit), Map.of());
    try (LoadGenerator loadGenerator =
        LoadGenerator.respondingWith(LoadProfile.SINGLE_LANE, statuses(point, hit, crashing))) {
      if (migrated) {
        loadGenerator.start(installation.client(crashing));
      }
      assertThat(crashing.awaitExit()).as(crashing.allOutput()).isEqualTo(CrashTrigger.EXIT_CODE);

      if (migrated && !FaultSuite.isLong()) {
        ClusterFixture.expireLeases(url);
      }
      RunhookProcess next = installation.serve();
      if (migrated) {
        loadGenerator.client().useServer(installation.client(next));
      } else {
        loadGenerator.start(installation.client(next));
      }
      loadGenerator.awaitDeliveries(FaultSuite.timeout());

      next.kill();
      return loadGenerator.verify();
    }
  }

  /// Rejects every other request if the point is in a claim: only retries are claimed.
  private static IntUnaryOperator statuses(CrashPoint point, int hit, RunhookProcess crashing) {
    return switch (point.phase()) {
      case DURING_REQUEST ->
          index -> {
            if (index == hit - 1) {
              crashing.kill();
            }
            return 204;
          };
      case AFTER_COMMIT -> index -> index % 2 == 0 ? 500 : 204;
      case BEFORE_STATEMENT, BEFORE_COMMIT -> _ -> 204;
    };
  }
}
