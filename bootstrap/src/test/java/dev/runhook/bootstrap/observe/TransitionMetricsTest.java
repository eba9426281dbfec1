package dev.runhook.bootstrap.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.outbox.DispatchHandoff;
import dev.runhook.application.run.JournalDependencies;
import dev.runhook.application.run.RecordResult;
import dev.runhook.application.run.RunJournal;
import dev.runhook.application.spi.Transactor;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.TransitionReport;
import dev.runhook.embedded.TransitionMetrics;
import dev.runhook.testkit.PlainPayloadRenderer;
import dev.runhook.testkit.Samples;
import dev.runhook.testkit.SequentialIdGenerator;
import dev.runhook.testkit.SettableClock;
import dev.runhook.testkit.memory.InMemoryTransactor;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TransitionMetricsTest {
  private final SettableClock clock = SettableClock.atNoon();
  private final CountingTransactor store = new CountingTransactor(new InMemoryTransactor(clock));
  private final PrometheusMetrics metrics = new PrometheusMetrics("1.2.3");
  private final RunJournal journal =
      new RunJournal(
          store,
          new JournalDependencies(
                  new PlainPayloadRenderer(), new SequentialIdGenerator(clock), clock)
              .withObservers(List.of(new TransitionMetrics(metrics.registry()))),
          DispatchHandoff.none(),
          Runnable::run);

  /// Counts transactions.
  private static final class CountingTransactor implements Transactor {
    private final Transactor store;
    private int transactions;

    CountingTransactor(Transactor store) {
      this.store = store;
    }

    @Override
    public <T extends @Nullable Object> T inTransaction(Function<UnitOfWork, T> work) {
      transactions++;
      return store.inTransaction(work);
    }
  }

  @BeforeEach
  void start() {
    journal.register(Samples.stack());
    IntStream.range(0, 100).forEach(number -> journal.start(Samples.newRun(run(number))));
    store.transactions = 0;
  }

  @Test
  void reports_recorded_together_share_a_transaction() {
    List<RecordResult> results =
        journal.recordAll(IntStream.range(0, 100).mapToObj(this::planning).toList());

    assertThat(results).hasSize(100).allMatch(RecordResult.Recorded.class::isInstance);
    assertThat(store.transactions).isEqualTo(1);
  }

  @Test
  void new_transitions_are_counted_in_single_and_batch_calls() {
    journal.record(planning(0));
    journal.recordAll(List.of(planning(0), planning(1), planning(2), planning(1_000)));

    assertThat(metrics.scrape())
        .contains("runhook_transitions_total{state=\"PLANNING\"} 3.0\n")
        .contains("runhook_transitions_total{state=\"QUEUED\"} 100.0\n");
  }

  private TransitionReport planning(int number) {
    return TransitionReport.of(run(number), RunState.PLANNING).withVersion(2);
  }

  private static RunId run(int number) {
    return new RunId(Samples.DEMO, "run-" + number);
  }
}
