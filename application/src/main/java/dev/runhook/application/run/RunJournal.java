package dev.runhook.application.run;

import static java.util.Comparator.naturalOrder;
import static java.util.Comparator.reverseOrder;

import dev.runhook.application.audit.Actor;
import dev.runhook.application.audit.AuditWriter;
import dev.runhook.application.idempotency.IdempotencyScope;
import dev.runhook.application.outbox.DispatchHandoff;
import dev.runhook.application.outbox.Outbox;
import dev.runhook.application.query.Page;
import dev.runhook.application.query.PageRequest;
import dev.runhook.application.query.RunFilter;
import dev.runhook.application.refusal.Refusal;
import dev.runhook.application.refusal.Refusal.AccountQuotaExceeded;
import dev.runhook.application.refusal.RefusedException;
import dev.runhook.application.refusal.Require;
import dev.runhook.application.run.RecordResult.Recorded;
import dev.runhook.application.spi.Bucket;
import dev.runhook.application.spi.BucketRouter;
import dev.runhook.application.spi.Runs.TransitionKey;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.application.webhook.AccountWebhookCopies;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.audit.AuditAction;
import dev.runhook.domain.audit.AuditDetail;
import dev.runhook.domain.run.NewRun;
import dev.runhook.domain.run.Run;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.run.Transition;
import dev.runhook.domain.run.TransitionReport;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Predicate;

/// Registers stacks and runs, and records the transitions of runs. When a call returns, its changes
/// are committed, together with one delivery for each webhook that matches. Thread-safe.
public final class RunJournal {
  private static final Duration MAX_BLOCKED_TIME = Duration.ofSeconds(5);

  private final BucketRouter buckets;
  private final JournalDependencies dependencies;
  private final DispatchHandoff handoff;
  private final boolean isIdempotent;
  private final SharedRecorder recorder;

  /// @param handoff receives deliveries that this process can send immediately;
  ///   [DispatchHandoff#none] if another process sends
  /// @param executor runs the transactions that concurrent callers share
  public RunJournal(
      BucketRouter buckets,
      JournalDependencies dependencies,
      DispatchHandoff handoff,
      Executor executor) {
    this(buckets, dependencies, handoff, executor, false);
  }

  /// @param isIdempotent whether the calls belong to one idempotent request
  private RunJournal(
      BucketRouter buckets,
      JournalDependencies dependencies,
      DispatchHandoff handoff,
      Executor executor,
      boolean isIdempotent) {
    this.buckets = buckets;
    this.dependencies = dependencies;
    this.handoff = handoff;
    this.isIdempotent = isIdempotent;
    this.recorder =
        new SharedRecorder(buckets, this::recordInOneTransaction, executor, MAX_BLOCKED_TIME);
  }

  /// A run in its current state, with a page of its transitions, the latest first.
  public record RunHistory(Run run, Page<Transition> transitions) {}

  /// Returns this port for the calls of one idempotent request.
  public RunJournal within(IdempotencyScope scope) {
    return scope.isNone()
        ? this
        : new RunJournal(scope.bind(buckets), dependencies, handoff, Runnable::run, true);
  }

  /// Creates or updates the stack, or refuses a new one if the account has too many. The stack gets
  /// the copies of the account webhooks that match it.
  ///
  /// @return whether the stack is new
  public boolean register(Stack stack) {
    return register(stack, ignored -> true);
  }

  /// Creates or updates the stack like the other method, if the existing one, or its absence, is as
  /// the caller expects. Otherwise, the call is refused.
  public boolean register(Stack stack, Predicate<Optional<Stack>> precondition) {
    AccountId account = stack.id().account();
    Bucket bucket = buckets.of(stack.id());
    int rest = countOutside(bucket, stack.id());
    return bucket.inTransaction(unit -> {
      Optional<Stack> before = unit.stacks().findForUpdate(stack.id());
      requireExpected(precondition.test(before));
      boolean isNew = unit.stacks().save(stack);
      if (isNew && unit.stacks().lockAndCount(account) + rest > dependencies.maxStacks()) {
        throw new RefusedException(new AccountQuotaExceeded("stacks", dependencies.maxStacks()));
      }
      if (!before.map(Stack::labels).equals(Optional.of(stack.labels()))) {
        new AccountWebhookCopies(dependencies.ids(), dependencies.renderer()).update(unit, stack);
      }
      return isNew;
    });
  }

  /// Counts the account's stacks in other buckets, unless the stack exists already.
  private int countOutside(Bucket bucket, StackId stack) {
    boolean counts =
        buckets.all().size() > 1
            && bucket.<Boolean>inSnapshot(unit -> unit.stacks().find(stack).isEmpty());
    return counts
        ? buckets.countOutside(bucket, unit -> unit.stacks().lockAndCount(stack.account()))
        : 0;
  }

  private static void requireExpected(boolean expected) {
    if (!expected) {
      throw new RefusedException(new Refusal.PreconditionFailed());
    }
  }

  /// Creates a run and records its first transition. Repeating the call with the same content
  /// changes nothing. A call with different content for the same id is refused, and so is a call
  /// with an unknown stack.
  public Recorded start(NewRun newRun) {
    Optional<TransitionRecorder> host = hostTransaction();
    if (host.isPresent()) {
      Recorded recorded = host.get().start(newRun);
      afterCommit(List.of(recorded));
      return recorded;
    }
    Outbox outbox = outbox(buckets.of(newRun.firstReport().run().stack()));
    Recorded recorded =
        outbox.inTransaction(
            (unit, writer) -> new TransitionRecorder(unit, writer, dependencies).start(newRun));
    report(recorded);
    return recorded;
  }

  /// Creates a run in the caller's transaction, as [#start(NewRun)] does, and takes effect when the
  /// caller commits.
  public Recorded start(NewRun newRun, UnitOfWork unit) {
    return joining(unit).start(newRun);
  }

  /// Records that a run entered a state. Repeating the same version with the same state changes
  /// nothing. A lower version, a transition after a terminal state, and an unknown run are refused.
  ///
  /// Concurrent calls share a transaction. A run that another transaction has locked delays only
  /// its own reports; after five seconds they fail with a
  /// [dev.runhook.application.spi.StoreUnavailableException.StoreBusyException]. To join a
  /// transaction that you have opened, use [#record(TransitionReport, UnitOfWork)].
  public Recorded record(TransitionReport report) {
    return recordAll(List.of(report)).getFirst().orThrow();
  }

  /// Records a transition in the caller's transaction, and takes effect when the caller commits.
  /// The dispatcher claims the deliveries with its next poll after the commit, or immediately if
  /// the caller then calls [DispatchHandoff#wake].
  public Recorded record(TransitionReport report, UnitOfWork unit) {
    return joining(unit).record(List.of(report)).getFirst().orThrow();
  }

  private Optional<TransitionRecorder> hostTransaction() {
    return dependencies.host().current().map(this::joining);
  }

  private void afterCommit(List<? extends RecordResult> results) {
    dependencies
        .host()
        .afterCommit(() -> {
          handoff.wake();
          results.forEach(this::report);
        });
  }

  private void report(RecordResult result) {
    if (result instanceof Recorded recorded) {
      dependencies.observers().forEach(observer -> observer.onRecorded(recorded));
    }
  }

  private TransitionRecorder joining(UnitOfWork unit) {
    return new TransitionRecorder(unit, outbox(buckets.home()).joining(unit), dependencies);
  }

  /// Records each transition as [#record(TransitionReport)] does, in the given order. A rejected
  /// report does not affect the others. The reports may be split over several transactions, so if
  /// the store fails, some of them may be recorded and others not.
  ///
  /// @return one result for each report, in the same order
  public List<RecordResult> recordAll(List<TransitionReport> reports) {
    Optional<TransitionRecorder> host = hostTransaction();
    List<RecordResult> results =
        host.isPresent() ? host.get().record(reports) : recorder.record(reports);
    if (host.isPresent()) {
      afterCommit(results);
    } else {
      results.forEach(this::report);
    }
    for (RecordResult result : results) {
      if (result instanceof RecordResult.Failed && isIdempotent) {
        // the response is stored, so it must not contain failures that a repetition would heal
        result.orThrow();
      }
    }
    return results;
  }

  private List<RecordResult> recordInOneTransaction(Bucket bucket, List<TransitionReport> reports) {
    Outbox outbox = outbox(bucket);
    return outbox.inTransaction(
        (unit, writer) -> new TransitionRecorder(unit, writer, dependencies).tryRecord(reports));
  }

  private Outbox outbox(Bucket bucket) {
    return new Outbox(bucket, dependencies.renderer(), dependencies.ids(), handoff);
  }

  /// Returns the stack, or refuses the call if the stack does not exist.
  public Stack stack(StackId id) {
    return buckets.of(id).inTransaction(unit -> Require.stack(unit, id));
  }

  /// Returns the account's stacks in the scope, ordered by slug.
  public Page<Stack> stacks(AccountId account, StackScope stackScope, PageRequest page) {
    return BucketRouter.list(
        buckets.of(account, stackScope),
        page,
        naturalOrder(),
        unit -> unit.stacks().list(account, stackScope, page));
  }

  /// Deletes the stack with its runs, webhooks and deliveries, or refuses the call if it does not
  /// exist.
  public void deleteStack(StackId id, Actor actor) {
    deleteStack(id, ignored -> true, actor);
  }

  /// Deletes the stack if it is as the caller expects. Otherwise, the call is refused.
  public void deleteStack(StackId id, Predicate<Stack> precondition, Actor actor) {
    dependencies.observers().forEach(observer -> observer.onStackDeletion(id));
    Bucket bucket = buckets.of(id);
    bucket.run(unit -> {
      Stack stack = Require.stackForUpdate(unit, id);
      requireExpected(precondition.test(stack));
      unit.stacks().delete(id);
      new AuditWriter(dependencies.ids())
          .write(
              unit,
              actor,
              AuditAction.STACK_DELETED,
              id,
              Optional.empty(),
              Map.of(AuditDetail.NAME, stack.name()));
    });
  }

  /// Returns the run with its latest transitions, or refuses the call if it does not exist.
  public RunHistory run(RunId id) {
    return run(id, PageRequest.first());
  }

  /// Returns the transition of the run with this version, or the latest one with a list of changes.
  /// Refuses the call if the run does not exist. Without a version, it looks at the first page of
  /// transitions.
  public Optional<Transition> findChanges(RunId id, Optional<Long> version) {
    Bucket bucket = buckets.of(id.stack());
    return bucket.inSnapshot(unit -> {
      Require.run(unit, id);
      return version
          .map(number -> new TransitionKey(id, number))
          .map(key -> Optional.ofNullable(unit.runs().findTransitions(Set.of(key)).get(key)))
          .orElseGet(() ->
              unit.runs().transitions(id, PageRequest.first()).items().stream()
                  .filter(transition -> transition.changes().isPresent())
                  .findFirst());
    });
  }

  /// Returns the run with a page of its transitions, or refuses the call if it does not exist.
  public RunHistory run(RunId id, PageRequest transitions) {
    Bucket bucket = buckets.of(id.stack());
    return bucket.inSnapshot(
        unit -> new RunHistory(Require.run(unit, id), unit.runs().transitions(id, transitions)));
  }

  /// Returns the stack's runs, the most recently created first, or refuses the call if the stack
  /// does not exist.
  public Page<Run> runs(StackId stack, PageRequest page) {
    return runs(stack, RunFilter.all(), page);
  }

  /// Returns the stack's runs that match the filter, the most recently created first, or refuses
  /// the call if the stack does not exist. If few runs match, a page may have fewer items than
  /// requested, even none, and still have a next page.
  public Page<Run> runs(StackId stack, RunFilter filter, PageRequest page) {
    Bucket bucket = buckets.of(stack);
    return bucket.inTransaction(unit -> {
      Require.stack(unit, stack);
      return unit.runs().list(stack.account(), StackScope.of(stack.slug()), filter, page);
    });
  }

  /// Returns the runs of the account's stacks in the scope in the same way.
  public Page<Run> runs(
      AccountId account, StackScope stackScope, RunFilter filter, PageRequest page) {
    return BucketRouter.list(
        buckets.of(account, stackScope),
        page,
        reverseOrder(),
        unit -> unit.runs().list(account, stackScope, filter, page));
  }

  /// Returns a unique name for a run whose reporter provides none.
  public String nextRunName() {
    return dependencies.ids().nextRunName();
  }
}
