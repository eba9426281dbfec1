package dev.runhook.application.run;

import dev.runhook.application.Actor;
import dev.runhook.application.Page;
import dev.runhook.application.PageRequest;
import dev.runhook.application.Refusal;
import dev.runhook.application.Refusal.AccountQuotaExceeded;
import dev.runhook.application.Refusal.NoSuchStack;
import dev.runhook.application.RefusedException;
import dev.runhook.application.RunFilter;
import dev.runhook.application.audit.AuditWriter;
import dev.runhook.application.delivery.Require;
import dev.runhook.application.idempotency.IdempotencyScope;
import dev.runhook.application.outbox.DispatchHandoff;
import dev.runhook.application.outbox.Outbox;
import dev.runhook.application.run.RecordResult.Recorded;
import dev.runhook.application.spi.Transactor;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.audit.AuditAction;
import dev.runhook.domain.audit.AuditDetail;
import dev.runhook.domain.run.NewRun;
import dev.runhook.domain.run.Run;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.run.TransitionReport;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Predicate;

final class TransactionalRunJournal implements RunJournal {
  private static final Duration MAX_BLOCKED_TIME = Duration.ofSeconds(5);

  private final Transactor transactor;
  private final Dependencies dependencies;
  private final Outbox outbox;
  private final DispatchHandoff handoff;
  private final boolean isIdempotent;
  private final Function<List<TransitionReport>, List<RecordResult>> recorder;

  /// @param executor runs the transactions that concurrent callers share
  /// @param isIdempotent whether the calls belong to one idempotent request
  TransactionalRunJournal(
      Transactor transactor,
      Dependencies dependencies,
      DispatchHandoff handoff,
      Executor executor,
      boolean isIdempotent) {
    this.transactor = transactor;
    this.dependencies = dependencies;
    this.handoff = handoff;
    this.outbox = new Outbox(transactor, dependencies.renderer(), dependencies.ids(), handoff);
    this.isIdempotent = isIdempotent;
    this.recorder =
        new BatchedRecorder(this::recordInOneTransaction, executor, MAX_BLOCKED_TIME)::record;
  }

  @Override
  public RunJournal within(IdempotencyScope scope) {
    return scope.isNone()
        ? this
        : new TransactionalRunJournal(
            scope.bind(transactor), dependencies, handoff, Runnable::run, true);
  }

  @Override
  public boolean register(Stack stack, Predicate<Optional<Stack>> precondition) {
    return transactor.inTransaction(unit -> {
      requireExpected(precondition.test(unit.stacks().findForUpdate(stack.id())));
      boolean isNew = unit.stacks().save(stack);
      if (isNew && unit.stacks().lockAndCount(stack.id().account()) > dependencies.maxStacks()) {
        throw new RefusedException(new AccountQuotaExceeded("stacks", dependencies.maxStacks()));
      }
      return isNew;
    });
  }

  private static void requireExpected(boolean expected) {
    if (!expected) {
      throw new RefusedException(new Refusal.PreconditionFailed());
    }
  }

  @Override
  public Recorded start(NewRun newRun) {
    return hostTransaction()
        .map(host -> host.start(newRun))
        .orElseGet(() ->
            outbox.inTransaction((unit, writer) ->
                new TransitionRecorder(unit, writer, dependencies).start(newRun)));
  }

  @Override
  public Recorded start(NewRun newRun, UnitOfWork unit) {
    return joining(unit).start(newRun);
  }

  @Override
  public Recorded record(TransitionReport report) {
    return recordAll(List.of(report)).getFirst().orThrow();
  }

  @Override
  public Recorded record(TransitionReport report, UnitOfWork unit) {
    return joining(unit).record(List.of(report)).getFirst().orThrow();
  }

  private Optional<TransitionRecorder> hostTransaction() {
    return dependencies.hostTransaction().get().map(this::joining);
  }

  private TransitionRecorder joining(UnitOfWork unit) {
    return new TransitionRecorder(unit, outbox.joining(unit), dependencies);
  }

  @Override
  public List<RecordResult> recordAll(List<TransitionReport> reports) {
    List<RecordResult> results =
        hostTransaction()
            .map(host -> host.record(reports))
            .orElseGet(() -> recorder.apply(reports));
    if (isIdempotent) {
      results.forEach(TransactionalRunJournal::requireNotFailed);
    }
    return results;
  }

  /// The response to an idempotent request is stored, so it must not contain failures that a
  /// repetition would heal.
  private static void requireNotFailed(RecordResult result) {
    if (result instanceof RecordResult.Failed) {
      result.orThrow();
    }
  }

  private List<RecordResult> recordInOneTransaction(List<TransitionReport> reports) {
    return outbox.inTransaction(
        (unit, writer) -> new TransitionRecorder(unit, writer, dependencies).tryRecord(reports));
  }

  @Override
  public Stack stack(StackId id) {
    return transactor.inTransaction(unit -> Require.stack(unit, id));
  }

  @Override
  public Page<Stack> stacks(AccountId account, StackScope stackScope, PageRequest page) {
    return transactor.inTransaction(unit -> unit.stacks().list(account, stackScope, page));
  }

  @Override
  public void deleteStack(StackId id, Predicate<Stack> precondition, Actor actor) {
    transactor.run(unit -> {
      Stack stack =
          unit.stacks()
              .findForUpdate(id)
              .orElseThrow(() -> new RefusedException(new NoSuchStack(id.slug())));
      requireExpected(precondition.test(stack));
      String name = stack.name();
      if (!unit.stacks().delete(id)) {
        throw new RefusedException(new NoSuchStack(id.slug()));
      }
      new AuditWriter(dependencies.ids())
          .write(
              unit,
              actor,
              AuditAction.STACK_DELETED,
              id,
              Optional.empty(),
              Map.of(AuditDetail.NAME, name));
    });
  }

  @Override
  public RunHistory run(RunId id, PageRequest transitions) {
    return transactor.inSnapshot(
        unit -> new RunHistory(Require.run(unit, id), unit.runs().transitions(id, transitions)));
  }

  @Override
  public Page<Run> runs(StackId stack, RunFilter filter, PageRequest page) {
    return transactor.inTransaction(unit -> {
      Require.stack(unit, stack);
      return unit.runs().list(stack.account(), StackScope.of(stack.slug()), filter, page);
    });
  }

  @Override
  public Page<Run> runs(
      AccountId account, StackScope stackScope, RunFilter filter, PageRequest page) {
    return transactor.inTransaction(unit -> unit.runs().list(account, stackScope, filter, page));
  }

  @Override
  public String nextRunName() {
    return dependencies.ids().nextRunName();
  }
}
