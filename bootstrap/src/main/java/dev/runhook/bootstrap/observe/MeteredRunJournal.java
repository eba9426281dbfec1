package dev.runhook.bootstrap.observe;

import dev.runhook.application.Actor;
import dev.runhook.application.Page;
import dev.runhook.application.PageRequest;
import dev.runhook.application.RunFilter;
import dev.runhook.application.idempotency.IdempotencyScope;
import dev.runhook.application.run.RecordResult;
import dev.runhook.application.run.RecordResult.Recorded;
import dev.runhook.application.run.RunJournal;
import dev.runhook.application.run.RunJournal.RunHistory;
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
import java.util.Optional;
import java.util.function.Predicate;

/// Counts the transitions that a journal records, and remembers the latest. Duplicates are not
/// counted. Transitions recorded in a host's transaction are ignored, because it may roll back.
public final class MeteredRunJournal implements RunJournal {
  private final RunJournal journal;
  private final Map<RunState, Counter> transitions;
  private final AcknowledgedTransitions acknowledged;

  public MeteredRunJournal(
      RunJournal journal, MeterRegistry registry, AcknowledgedTransitions acknowledged) {
    this(journal, counters(registry), acknowledged);
  }

  private MeteredRunJournal(
      RunJournal journal,
      Map<RunState, Counter> transitions,
      AcknowledgedTransitions acknowledged) {
    this.journal = journal;
    this.transitions = transitions;
    this.acknowledged = acknowledged;
  }

  private static Map<RunState, Counter> counters(MeterRegistry registry) {
    Map<RunState, Counter> transitions = new EnumMap<>(RunState.class);
    for (RunState state : RunState.values()) {
      transitions.put(
          state,
          Counter.builder("runhook.transitions")
              .description("Recorded transitions by new state")
              .tag("state", state.name())
              .register(registry));
    }
    return transitions;
  }

  @Override
  public RunJournal within(IdempotencyScope scope) {
    return scope.isNone()
        ? this
        : new MeteredRunJournal(journal.within(scope), transitions, acknowledged);
  }

  @Override
  public Recorded start(NewRun newRun) {
    return counted(journal.start(newRun));
  }

  @Override
  public Recorded start(NewRun newRun, UnitOfWork unit) {
    return journal.start(newRun, unit);
  }

  @Override
  public Recorded record(TransitionReport report) {
    return counted(journal.record(report));
  }

  @Override
  public List<RecordResult> recordAll(List<TransitionReport> reports) {
    return journal.recordAll(reports).stream().map(this::counted).toList();
  }

  private <R extends RecordResult> R counted(R result) {
    if (result instanceof Recorded recorded) {
      acknowledged.add(recorded);
      if (!recorded.duplicate()) {
        Objects.requireNonNull(transitions.get(recorded.transition().state())).increment();
      }
    }
    return result;
  }

  @Override
  public Recorded record(TransitionReport report, UnitOfWork unit) {
    return journal.record(report, unit);
  }

  @Override
  public boolean register(Stack stack, Predicate<Optional<Stack>> precondition) {
    return journal.register(stack, precondition);
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
  public void deleteStack(StackId id, Predicate<Stack> precondition, Actor actor) {
    acknowledged.remove(id);
    journal.deleteStack(id, precondition, actor);
  }

  @Override
  public RunHistory run(RunId id, PageRequest transitions) {
    return journal.run(id, transitions);
  }

  @Override
  public Page<Run> runs(StackId stack, RunFilter filter, PageRequest page) {
    return journal.runs(stack, filter, page);
  }

  @Override
  public Page<Run> runs(
      AccountId account, StackScope stackScope, RunFilter filter, PageRequest page) {
    return journal.runs(account, stackScope, filter, page);
  }

  @Override
  public String nextRunName() {
    return journal.nextRunName();
  }
}
