package dev.runhook.application.run;

import dev.runhook.application.Actor;
import dev.runhook.application.Page;
import dev.runhook.application.PageRequest;
import dev.runhook.application.Refusal;
import dev.runhook.application.Refusal.NoSuchRun;
import dev.runhook.application.Refusal.NoSuchStack;
import dev.runhook.application.RefusedException;
import dev.runhook.application.audit.Scribe;
import dev.runhook.application.outbox.Intake;
import dev.runhook.application.outbox.Outbox;
import dev.runhook.application.spi.Transactor;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.Reach;
import dev.runhook.domain.audit.AuditAction;
import dev.runhook.domain.audit.Deed;
import dev.runhook.domain.run.Report;
import dev.runhook.domain.run.Run;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.run.Start;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;

final class TransactionalRunJournal implements RunJournal, BulkJournal {
  private final Transactor transactor;
  private final Recorder recorder;
  private final Outbox outbox;
  private final SharedRecording shared;

  TransactionalRunJournal(
      Transactor transactor, Recorder recorder, Intake intake, Executor executor) {
    this.transactor = transactor;
    this.recorder = recorder;
    this.outbox = Outbox.using(transactor, recorder.renderer(), recorder.ids(), intake);
    this.shared = new SharedRecording(outbox, recorder, executor);
  }

  @Override
  public boolean register(Stack stack) {
    return transactor.inTransaction(unit -> unit.stacks().save(stack));
  }

  @Override
  public Started start(Start start) {
    return outbox.inTransaction(
        (unit, mailing) -> new Starting(unit, mailing, recorder).start(start));
  }

  @Override
  public Recorded record(Report report) {
    return shared.record(List.of(report)).getFirst().orThrow();
  }

  @Override
  public Recorded record(Report report, UnitOfWork joined) {
    return new Recording(joined, outbox.joining(joined), recorder)
        .record(List.of(report))
        .getFirst()
        .entry()
        .orThrow();
  }

  @Override
  public List<Entry> record(List<Report> reports) {
    return shared.record(reports);
  }

  @Override
  public Stack stack(StackId id) {
    return transactor.inTransaction(
        unit -> unit.stacks().find(id).orElseThrow(() -> refused(new NoSuchStack(id.slug()))));
  }

  @Override
  public Page<Stack> stacks(AccountId account, Reach reach, PageRequest page) {
    return transactor.inTransaction(unit -> unit.stacks().list(account, reach, page));
  }

  @Override
  public void deleteStack(StackId id, Actor actor) {
    transactor.run(unit -> {
      if (!unit.stacks().delete(id)) {
        throw refused(new NoSuchStack(id.slug()));
      }
      new Scribe(recorder.ids())
          .write(
              unit,
              actor,
              new Deed(
                  AuditAction.STACK_DELETED,
                  id.account(),
                  Optional.of(id.slug()),
                  Optional.empty(),
                  ""));
    });
  }

  @Override
  public RunHistory run(RunId id) {
    return transactor.inTransaction(unit -> {
      requireStack(unit, id.stack());
      Run run = unit.runs().find(id).orElseThrow(() -> refused(new NoSuchRun(id.name())));
      return new RunHistory(run, unit.runs().transitions(id));
    });
  }

  @Override
  public Page<Run> runs(StackId stack, PageRequest page) {
    return transactor.inTransaction(unit -> {
      requireStack(unit, stack);
      return unit.runs().list(stack, page);
    });
  }

  @Override
  public String nextRunName() {
    return recorder.ids().nextRunName();
  }

  private static void requireStack(UnitOfWork unit, StackId stack) {
    if (unit.stacks().find(stack).isEmpty()) {
      throw refused(new NoSuchStack(stack.slug()));
    }
  }

  private static RefusedException refused(Refusal refusal) {
    return new RefusedException(refusal);
  }
}
