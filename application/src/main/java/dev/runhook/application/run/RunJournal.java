package dev.runhook.application.run;

import dev.runhook.application.Actor;
import dev.runhook.application.Page;
import dev.runhook.application.PageRequest;
import dev.runhook.application.RunFilter;
import dev.runhook.application.idempotency.IdempotencyScope;
import dev.runhook.application.outbox.DispatchHandoff;
import dev.runhook.application.run.RecordResult.Recorded;
import dev.runhook.application.spi.IdGenerator;
import dev.runhook.application.spi.PayloadRenderer;
import dev.runhook.application.spi.Transactor;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.run.NewRun;
import dev.runhook.domain.run.Run;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.run.Transition;
import dev.runhook.domain.run.TransitionReport;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// Registers stacks and runs, and records the transitions of runs. When a call returns, its changes
/// are committed, together with one delivery for each webhook that matches. Thread-safe.
public interface RunJournal {
  /// @param handoff receives deliveries that this process can send immediately;
  ///   [DispatchHandoff#none] if another process sends
  /// @param executor runs the transactions that concurrent callers share
  static RunJournal using(
      Transactor transactor,
      Dependencies dependencies,
      DispatchHandoff handoff,
      Executor executor) {
    return new TransactionalRunJournal(transactor, dependencies, handoff, executor, false);
  }

  /// @param maxStacks the maximum number of stacks of an account
  /// @param hostTransaction returns the transaction of the calling thread, which [#start(NewRun)],
  ///   [#record(TransitionReport)] and [#recordAll] then join
  record Dependencies(
      PayloadRenderer renderer,
      IdGenerator ids,
      InstantSource clock,
      int maxStacks,
      Supplier<Optional<UnitOfWork>> hostTransaction) {
    /// Allows 10,000 stacks in an account, and joins no transaction.
    public Dependencies(PayloadRenderer renderer, IdGenerator ids, InstantSource clock) {
      this(renderer, ids, clock, 10_000, Optional::empty);
    }

    public Dependencies withMaxStacks(int max) {
      return new Dependencies(renderer, ids, clock, max, hostTransaction);
    }

    public Dependencies withHostTransaction(Supplier<Optional<UnitOfWork>> current) {
      return new Dependencies(renderer, ids, clock, maxStacks, current);
    }
  }

  /// A run in its current state, with a page of its transitions, the latest first.
  record RunHistory(Run run, Page<Transition> transitions) {}

  /// Returns this port for the calls of one idempotent request.
  RunJournal within(IdempotencyScope scope);

  /// Creates or updates the stack, or refuses a new one if the account has too many.
  ///
  /// @return whether the stack is new
  default boolean register(Stack stack) {
    return register(stack, ignored -> true);
  }

  /// Creates or updates the stack like the other method, if the existing one, or its absence, is as
  /// the caller expects. Otherwise, the call is refused.
  boolean register(Stack stack, Predicate<Optional<Stack>> precondition);

  /// Creates a run and records its first transition. Repeating the call with the same content
  /// changes nothing. A call with different content for the same id is refused, and so is a call
  /// with an unknown stack.
  Recorded start(NewRun newRun);

  /// Creates a run in the caller's transaction, as [#start(NewRun)] does, and takes effect when the
  /// caller commits.
  Recorded start(NewRun newRun, UnitOfWork unit);

  /// Records that a run entered a state. Repeating the same version with the same state changes
  /// nothing. A lower version, a transition after a terminal state, and an unknown run are refused.
  ///
  /// Concurrent calls share a transaction. A run that another transaction has locked delays only
  /// its own reports; after five seconds they fail with a
  /// [dev.runhook.application.StoreBusyException]. To join a transaction that you have opened, use
  /// [#record(TransitionReport, UnitOfWork)].
  Recorded record(TransitionReport report);

  /// Records a transition in the caller's transaction, and takes effect when the caller commits.
  /// The dispatcher claims the deliveries with its next poll after the commit, or immediately if
  /// the caller then calls [DispatchHandoff#wake].
  Recorded record(TransitionReport report, UnitOfWork unit);

  /// Records each transition as [#record(TransitionReport)] does, in the given order. A rejected
  /// report does not affect the others. The reports may be split over several transactions, so if
  /// the store fails, some of them may be recorded and others not.
  ///
  /// @return one result for each report, in the same order
  List<RecordResult> recordAll(List<TransitionReport> reports);

  /// Returns the stack, or refuses the call if the stack does not exist.
  Stack stack(StackId id);

  /// Returns the account's stacks in the scope, ordered by slug.
  Page<Stack> stacks(AccountId account, StackScope stackScope, PageRequest page);

  /// Deletes the stack with its runs, webhooks and deliveries, or refuses the call if it does not
  /// exist.
  default void deleteStack(StackId id, Actor actor) {
    deleteStack(id, ignored -> true, actor);
  }

  /// Deletes the stack if it is as the caller expects. Otherwise, the call is refused.
  void deleteStack(StackId id, Predicate<Stack> precondition, Actor actor);

  /// Returns the run with its latest transitions, or refuses the call if it does not exist.
  default RunHistory run(RunId id) {
    return run(id, PageRequest.first());
  }

  /// Returns the run with a page of its transitions, or refuses the call if it does not exist.
  RunHistory run(RunId id, PageRequest transitions);

  /// Returns the stack's runs, the most recently created first, or refuses the call if the stack
  /// does not exist.
  default Page<Run> runs(StackId stack, PageRequest page) {
    return runs(stack, RunFilter.all(), page);
  }

  /// Returns the stack's runs that match the filter, the most recently created first, or refuses
  /// the call if the stack does not exist. If few runs match, a page may have fewer items than
  /// requested, even none, and still have a next page.
  Page<Run> runs(StackId stack, RunFilter filter, PageRequest page);

  /// Returns the runs of the account's stacks in the scope in the same way.
  Page<Run> runs(AccountId account, StackScope stackScope, RunFilter filter, PageRequest page);

  /// Returns a unique name for a run whose reporter provides none.
  String nextRunName();
}
