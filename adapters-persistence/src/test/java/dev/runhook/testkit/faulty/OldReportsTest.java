package dev.runhook.testkit.faulty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.outbox.DispatchHandoff;
import dev.runhook.application.run.JournalDependencies;
import dev.runhook.application.run.RecordResult;
import dev.runhook.application.run.RecordResult.Recorded;
import dev.runhook.application.run.RunJournal;
import dev.runhook.application.spi.Runs;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.TransitionReport;
import dev.runhook.testkit.PlainPayloadRenderer;
import dev.runhook.testkit.Samples;
import dev.runhook.testkit.SequentialIdGenerator;
import dev.runhook.testkit.SettableClock;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OldReportsTest {
  private final AtomicInteger queries = new AtomicInteger();
  private final SettableClock clock = SettableClock.atNoon();
  private final RunJournal journal =
      new RunJournal(
          new FaultyTransactor(
              Runs.class,
              "findTransitions",
              invocation -> {
                queries.incrementAndGet();
                return invocation.proceed();
              }),
          new JournalDependencies(
              new PlainPayloadRenderer(), new SequentialIdGenerator(clock), clock),
          DispatchHandoff.none(),
          Runnable::run);

  @Test
  void repeated_reports_are_compared_with_what_is_stored_in_one_query() {
    journal.register(Samples.stack());
    List<TransitionReport> reports =
        IntStream.range(0, 50)
            .mapToObj(number -> new RunId(Samples.DEMO, "run-" + number))
            .peek(run -> journal.start(Samples.newRun(run)))
            .map(run -> TransitionReport.of(run, RunState.PLANNING).withVersion(2))
            .toList();
    List<RecordResult> first = journal.recordAll(reports);
    int queriesOfFirst = queries.get();

    List<RecordResult> second = journal.recordAll(reports);

    assertThat(queriesOfFirst).isZero();
    assertThat(queries).hasValue(1);
    assertThat(first).allMatch(result -> !((Recorded) result).duplicate());
    assertThat(second).allMatch(result -> ((Recorded) result).duplicate());
  }
}
