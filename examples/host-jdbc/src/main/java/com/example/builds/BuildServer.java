package com.example.builds;

import dev.runhook.application.run.RunJournal;
import dev.runhook.domain.run.Commit;
import dev.runhook.domain.run.NewRun;
import dev.runhook.domain.run.RunDetails;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.run.TransitionReport;

/// The use cases of this service: it stores builds and records each change of their state. It uses
/// one port of Runhook and does not depend on a database.
public final class BuildServer {
  private final Transactions transactions;
  private final RunJournal journal;
  private final StackId stack;
  private final Runnable afterCommit;

  /// @param afterCommit runs after each commit and can wake the dispatcher; without it, the next
  ///   poll sends the new deliveries
  public BuildServer(
      Transactions transactions, RunJournal journal, StackId stack, Runnable afterCommit) {
    this.transactions = transactions;
    this.journal = journal;
    this.stack = stack;
    this.afterCommit = afterCommit;
    journal.register(Stack.named(stack, "Builds"));
  }

  /// Queues a build: adds its row and starts its run, both in one transaction. The caller can
  /// safely retry, because repeating it has no effect.
  public void start(String id, String branch, String commit) {
    Build build = new Build(id, branch, commit, RunState.QUEUED);
    NewRun run =
        NewRun.of(
            RunDetails.tracked(branch, Commit.of(commit)),
            TransitionReport.of(run(id), RunState.QUEUED));
    transactions.call(transaction -> {
      transaction.builds().add(build);
      return journal.start(run, transaction.unitOfWork());
    });
    afterCommit.run();
  }

  /// Changes the state of a build and records the transition, both in one transaction.
  public Build changeState(String id, RunState next) {
    Build changed =
        transactions.call(transaction -> {
          Build build = transaction.builds().findForUpdate(id).orElseThrow().withState(next);
          transaction.builds().save(build);
          journal.record(TransitionReport.of(run(id), next), transaction.unitOfWork());
          return build;
        });
    afterCommit.run();
    return changed;
  }

  RunId run(String build) {
    return new RunId(stack, build);
  }
}
