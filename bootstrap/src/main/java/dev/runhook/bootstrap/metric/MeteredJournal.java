package dev.runhook.bootstrap.metric;

import dev.runhook.application.Actor;
import dev.runhook.application.Page;
import dev.runhook.application.PageRequest;
import dev.runhook.application.run.BulkJournal;
import dev.runhook.application.run.Entry;
import dev.runhook.application.run.Recorded;
import dev.runhook.application.run.RunHistory;
import dev.runhook.application.run.RunJournal;
import dev.runhook.application.run.Started;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.Reach;
import dev.runhook.domain.run.Report;
import dev.runhook.domain.run.Run;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.run.Start;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Counts what the journal records. Repeats are no news; what a host records in a transaction of
/// its own is not counted, for nobody here learns whether that was committed.
public final class MeteredJournal implements RunJournal, BulkJournal {
  private final RunJournal journal;
  private final BulkJournal together;
  private final Map<RunState, Counter> transitions = new EnumMap<>(RunState.class);

  public MeteredJournal(RunJournal journal, MeterRegistry registry) {
    this.journal = journal;
    this.together = BulkJournal.over(journal);
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
  public Started start(Start start) {
    Started started = journal.start(start);
    count(started.first());
    return started;
  }

  @Override
  public Recorded record(Report report) {
    Recorded recorded = journal.record(report);
    count(recorded);
    return recorded;
  }

  @Override
  public List<Entry> record(List<Report> reports) {
    List<Entry> entries = together.record(reports);
    for (Entry entry : entries) {
      if (entry instanceof Entry.Kept(Recorded recorded)) {
        count(recorded);
      }
    }
    return entries;
  }

  private void count(Recorded recorded) {
    if (!recorded.repeated()) {
      Objects.requireNonNull(transitions.get(recorded.state())).increment();
    }
  }

  @Override
  public Recorded record(Report report, UnitOfWork joined) {
    return journal.record(report, joined);
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
  public Page<Stack> stacks(AccountId account, Reach reach, PageRequest page) {
    return journal.stacks(account, reach, page);
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
