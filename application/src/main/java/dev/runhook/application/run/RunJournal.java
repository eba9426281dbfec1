package dev.runhook.application.run;

import dev.runhook.application.Actor;
import dev.runhook.application.Page;
import dev.runhook.application.PageRequest;
import dev.runhook.application.outbox.DispatchHandoff;
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
import dev.runhook.domain.run.TransitionReport;
import java.time.InstantSource;
import java.util.concurrent.Executor;

/// For the system that runs: tells which stacks and runs there are and what happens to them. When a
/// call returns, what it told is kept for good, together with a delivery for every webhook that
/// wants to hear of it. Thread-safe.
public interface RunJournal {
  /// @param intake takes what was just recorded straight to the dispatcher; [DispatchHandoff#none]
  ///   where another process sends
  /// @param executor runs the transactions that many callers share
  static RunJournal using(
      Transactor transactor,
      Dependencies dependencies,
      DispatchHandoff dispatchHandoff,
      Executor executor) {
    return new TransactionalRunJournal(transactor, dependencies, dispatchHandoff, executor);
  }

  /// What recording needs besides a transaction.
  record Dependencies(PayloadRenderer renderer, IdGenerator ids, InstantSource clock) {}

  /// Makes the stack known, or changes what is known of it; says whether it is new.
  boolean register(Stack stack);

  /// Starts a run and records its first transition. The same start again changes nothing; another
  /// one under the same name is refused, and one on a stack that is not there.
  CreatedRun start(NewRun newRun);

  /// Records that a run entered a state. The same version with the same state again changes
  /// nothing; an earlier one, or any after a terminal state, is refused, and one of a run that is
  /// not there.
  ///
  /// Runs in a transaction of its own, shared with what others record at the same moment. Inside a
  /// transaction of yours use [#record(Report, UnitOfWork)].
  RecordedTransition record(TransitionReport transitionReport);

  /// The same within the caller's transaction: whether it stays is the caller's commit. Its
  /// deliveries start with the dispatcher's next round after that.
  RecordedTransition record(TransitionReport transitionReport, UnitOfWork joined);

  /// The stack; a refusal where there is none.
  Stack stack(StackId id);

  /// The account's stacks within reach, by slug.
  Page<Stack> stacks(AccountId account, StackScope stackScope, PageRequest page);

  /// Deletes the stack with its runs, webhooks and deliveries; a refusal where there is none.
  void deleteStack(StackId id, Actor actor);

  /// The run with its transitions; a refusal where there is none.
  RunHistory run(RunId id);

  /// The runs of a stack, the one that was started last first; a refusal where there is no stack.
  Page<Run> runs(StackId stack, PageRequest page);

  /// A name for a run whose reporter gives none, which nobody was given before.
  String nextRunName();
}
