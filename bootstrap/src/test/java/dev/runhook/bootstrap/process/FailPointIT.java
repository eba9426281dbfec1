package dev.runhook.bootstrap.process;

import static org.assertj.core.api.Assertions.assertThat;

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
class FailPointIT {
  private static final Map<String, String> SETTINGS =
      Suite.settings(
          Map.of("RUNHOOK_TIMEOUT", "10s", "RUNHOOK_RETRY_SCHEDULE", "50ms,".repeat(30)));

  private final Suite suite = Suite.named("FailPointIT");
  private final RandomGenerator random = suite.random();
  @TempDir private static Path folder;
  private Nodes nodes;

  @BeforeAll
  void open() {
    nodes = new Nodes(folder);
  }

  @AfterAll
  void close() {
    nodes.close();
  }

  @ParameterizedTest
  @EnumSource
  void nothing_is_lost_and_only_what_was_on_the_wire_comes_twice(FailPoint point) throws Exception {
    for (int hit : hits(point)) {
      Tally tally = dieAt(point, hit);

      suite.say("killed at " + point + ", time " + hit + "; " + tally);
      assertThat(tally.duplicates()).isEqualTo(point.duplicates());
    }
  }

  /// What is recorded runs ahead of what is sent: only at the first of all is nothing else under
  /// way.
  private List<Integer> hits(FailPoint point) {
    return switch (point) {
      case DURING_MIGRATION, AFTER_INSERT_BEFORE_COMMIT, AFTER_COMMIT_BEFORE_201 -> List.of(1);
      case AFTER_CLAIM,
          AFTER_REQUEST_BEFORE_ANSWER,
          AFTER_ANSWER_BEFORE_SETTLE,
          DURING_SETTLE,
          AFTER_SETTLE ->
          Suite.choose(List.of(random.nextInt(1, 7)), List.of(1, 4, 7));
    };
  }

  private Tally dieAt(FailPoint point, int hit) throws Exception {
    String url = nodes.database().create("%s_%d".formatted(point, hit).toLowerCase(Locale.ROOT));
    Home home = nodes.home(url, SETTINGS);
    RunhookProcess doomed = home.serveUntil(point, hit);
    try (Traffic traffic = Traffic.answering(Load.ONE_LANE, answers(point, hit, doomed))) {
      boolean migrated = point != FailPoint.DURING_MIGRATION;
      if (migrated) {
        traffic.begin(home.client(doomed));
      }
      assertThat(doomed.awaitExit()).as(doomed.everything()).isEqualTo(Doom.CODE);

      if (migrated && !Suite.isLong()) {
        nodes.database().endLeases(url);
      }
      RunhookProcess next = home.serve();
      if (migrated) {
        traffic.progress().serverIs(home.client(next));
      } else {
        traffic.begin(home.client(next));
      }
      traffic.awaitArrival(Suite.patience());

      next.kill();
      return traffic.review();
    }
  }

  /// Claimed is only what was refused before: what is new goes straight to the sender.
  private static IntUnaryOperator answers(FailPoint point, int hit, RunhookProcess doomed) {
    return switch (point.moment()) {
      case ON_THE_WIRE ->
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
