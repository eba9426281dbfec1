package dev.runhook.bootstrap.observe;

import dev.runhook.application.Actor;
import dev.runhook.application.Page;
import dev.runhook.application.PageRequest;
import dev.runhook.application.run.BulkRunJournal;
import dev.runhook.application.run.CreatedRun;
import dev.runhook.application.run.RecordResult;
import dev.runhook.application.run.RecordedTransition;
import dev.runhook.application.run.RunHistory;
import dev.runhook.application.run.RunJournal;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.run.NewRun;
import dev.runhook.domain.run.Run;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.run.TransitionReport;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Counts what the journal records. Repeats are no news; what a host records in a transaction of
/// its own is not counted, for nobody here learns whether that was committed.
public final class MeteredRunJournal implements RunJournal, BulkRunJournal {
  private final RunJournal journal;
  private final BulkRunJournal together;
  private final Map<RunState, Counter> transitions = new EnumMap<>(RunState.class);

  public MeteredRunJournal(RunJournal journal, MeterRegistry registry) {
    this.journal = journal;
    this.together = BulkRunJournal.over(journal);
    for (RunState state : RunState.values()) {
      transitions.put(
          state,
          Counter.builder("runhook.transitions")
              .description("Transitions that were recorded, by the state that was entered")
              .tag("state", state.name())
              .register(registry));
    }
  }

  @Override
  public CreatedRun start(NewRun newRun) {
    CreatedRun createdRun = journal.start(newRun);
    count(createdRun.firstTransition());
    return createdRun;
  }

  @Override
  public RecordedTransition record(TransitionReport transitionReport) {
    RecordedTransition recordedTransition = journal.record(transitionReport);
    count(recordedTransition);
    return recordedTransition;
  }

  @Override
  public List<RecordResult> recordAll(List<TransitionReport> reports) {
    List<RecordResult> entries = together.recordAll(reports);
    for (RecordResult recordResult : entries) {
      if (recordResult instanceof RecordResult.Accepted(RecordedTransition recordedTransition)) {
        count(recordedTransition);
      }
    }
    return entries;
  }

  private void count(RecordedTransition recordedTransition) {
    if (!recordedTransition.duplicate()) {
      Objects.requireNonNull(transitions.get(recordedTransition.state())).increment();
    }
  }

  @Override
  public RecordedTransition record(TransitionReport transitionReport, UnitOfWork joined) {
    return journal.record(transitionReport, joined);
  }

  @Override
  public boolean register(Stack stack) {
    return journal.register(stack);
  }

  @Override
  public Stack stack(StackId id) {
    return journal.stack(id);
  }

  @Override
  public Page<Stack> stacks(AccountId account, StackScope stackScope, PageRequest page) {
    return journal.stacks(account, stackScope, page);
  }

  @Override
  public void deleteStack(StackId id, Actor actor) {
    journal.deleteStack(id, actor);
  }

  @Override
  public RunHistory run(RunId id) {
    return journal.run(id);
  }

  @Override
  public Page<Run> runs(StackId stack, PageRequest page) {
    return journal.runs(stack, page);
  }

  @Override
  public String nextRunName() {
    return journal.nextRunName();
  }
}
