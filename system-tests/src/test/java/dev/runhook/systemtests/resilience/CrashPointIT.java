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

/// A process that dies at the worst moments of the way of one event. There is one lane, so that
/// exactly what was under way can be told.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CrashPointIT {
  private static final Map<String, String> SETTINGS =
      FaultSuite.settings(
          Map.of("RUNHOOK_TIMEOUT", "10s", "RUNHOOK_RETRY_SCHEDULE", "50ms,".repeat(30)));

  private final FaultSuite faultSuite = FaultSuite.named("FailPointIT");
  private final RandomGenerator random = faultSuite.random();
  @TempDir private static Path folder;
  private ClusterFixture clusterFixture;

  @BeforeAll
  void open() {
    clusterFixture = new ClusterFixture(folder);
  }

  @AfterAll
  void close() {
    clusterFixture.close();
  }

  @ParameterizedTest
  @EnumSource
  void nothing_is_lost_and_only_what_was_on_the_wire_comes_twice(CrashPoint point)
      throws Exception {
    for (int hit : hits(point)) {
      DeliveryCounts deliveryCounts = dieAt(point, hit);

      faultSuite.report("killed at " + point + ", time " + hit + "; " + deliveryCounts);
      assertThat(deliveryCounts.duplicates()).isEqualTo(point.duplicates());
    }
  }

  /// What is recorded runs ahead of what is sent: only at the first of all is nothing else under
  /// way.
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

  private DeliveryCounts dieAt(CrashPoint point, int hit) throws Exception {
    String url =
        clusterFixture
            .database()
            .createDatabase("%s_%d".formatted(point, hit).toLowerCase(Locale.ROOT));
    ServerInstallation serverInstallation = clusterFixture.installation(url, SETTINGS);
    RunhookProcess doomed = serverInstallation.serveUntilCrash(point, hit);
    try (LoadGenerator loadGenerator =
        LoadGenerator.respondingWith(LoadProfile.SINGLE_LANE, answers(point, hit, doomed))) {
      boolean migrated = point != CrashPoint.DURING_MIGRATION;
      if (migrated) {
        loadGenerator.start(serverInstallation.client(doomed));
      }
      assertThat(doomed.awaitExit()).as(doomed.allOutput()).isEqualTo(CrashTrigger.EXIT_CODE);

      if (migrated && !FaultSuite.isLong()) {
        clusterFixture.database().expireLeases(url);
      }
      RunhookProcess next = serverInstallation.serve();
      if (migrated) {
        loadGenerator.client().useServer(serverInstallation.client(next));
      } else {
        loadGenerator.start(serverInstallation.client(next));
      }
      loadGenerator.awaitDeliveries(FaultSuite.timeout());

      next.kill();
      return loadGenerator.verify();
    }
  }

  /// Claimed is only what was refused before: what is new goes straight to the sender.
  private static IntUnaryOperator answers(CrashPoint point, int hit, RunhookProcess doomed) {
    return switch (point.phase()) {
      case DURING_REQUEST ->
          order -> {
            if (order == hit - 1) {
              doomed.kill();
            }
            return 204;
          };
      case AFTER_COMMIT -> order -> order % 2 == 0 ? 500 : 204;
      case BEFORE_STATEMENT, BEFORE_COMMIT -> _ -> 204;
    };
  }
}
