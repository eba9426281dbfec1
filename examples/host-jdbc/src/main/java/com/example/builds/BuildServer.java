package com.example.builds;

import dev.runhook.application.run.RunJournal;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.run.Commit;
import dev.runhook.domain.run.NewRun;
import dev.runhook.domain.run.RunDetails;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.run.TransitionReport;

/// What this service is for: it keeps builds, and tells of each change. It knows Runhook by one
/// port, and cannot tell whether a database is behind it.
public final class BuildServer {
  static final StackId STACK = new StackId(new AccountId("builds"), "main");

  private final Transactions transactions;
  private final RunJournal journal;
  private final Runnable afterCommit;

  /// @param afterCommit has what was told sent at once; without, it goes out with the next poll
  public BuildServer(Transactions transactions, RunJournal journal, Runnable afterCommit) {
    this.transactions = transactions;
    this.journal = journal;
    this.afterCommit = afterCommit;
    journal.register(Stack.named(STACK, "Builds"));
  }

  /// Queues a build. May be repeated by whoever got no answer: both halves do nothing twice.
  public void start(String id, String branch, String commit) {
    Build build = new Build(id, branch, commit, RunState.QUEUED);
    transactions.call(transaction -> {
      transaction.builds().add(build);
      return build;
    });
    journal.start(
        NewRun.of(
            RunDetails.tracked(branch, Commit.of(commit)),
            TransitionReport.of(run(id), RunState.QUEUED)));
  }

  /// Moves a build, and tells of it: both or neither.
  public Build changeState(String id, RunState next) {
    Build moved =
        transactions.call(transaction -> {
          Build build = transaction.builds().findForUpdate(id).orElseThrow().withState(next);
          transaction.builds().save(build);
          journal.record(TransitionReport.of(run(id), next), transaction.unitOfWork());
          return build;
        });
    afterCommit.run();
    return moved;
  }

  static RunId run(String build) {
    return new RunId(STACK, build);
  }
}
