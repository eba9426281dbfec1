package com.example.deployments;

import dev.runhook.application.run.RunJournal;
import dev.runhook.domain.run.Commit;
import dev.runhook.domain.run.NewRun;
import dev.runhook.domain.run.RunDetails;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.run.TransitionReport;
import dev.runhook.embedded.Runhook;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/// An ordinary Spring service. The journal joins its transactions.
@Service
public class Deployments {
  private final JdbcTemplate jdbc;
  private final RunJournal journal;
  private final ApplicationEventPublisher events;
  private final StackId stack;

  public Deployments(
      JdbcTemplate jdbc, RunJournal journal, Runhook runhook, ApplicationEventPublisher events) {
    this.jdbc = jdbc;
    this.events = events;
    this.journal = journal;
    this.stack = runhook.stack("main");
    journal.register(Stack.named(stack, "Deployments"));
  }

  /// Adds a deployment and starts its run, both in one transaction.
  @Transactional
  public void start(String deployment, String commit) {
    jdbc.update("insert into deployment values (?, 'QUEUED')", deployment);
    journal.start(
        NewRun.of(
            RunDetails.tracked("main", Commit.of(commit)),
            TransitionReport.of(run(deployment), RunState.QUEUED)));
  }

  /// Changes the state of a deployment and records the transition, both in one transaction.
  @Transactional
  public void changeState(String deployment, RunState next) {
    jdbc.update("update deployment set state = ? where id = ?", next.name(), deployment);
    journal.record(TransitionReport.of(run(deployment), next));
  }

  /// Finishes a deployment. The event, which [ExternalEvents] maps, is recorded in the transaction.
  @Transactional
  public void finish(String deployment) {
    jdbc.update("update deployment set state = 'FINISHED' where id = ?", deployment);
    events.publishEvent(new DeploymentFinished(deployment));
  }

  RunId run(String deployment) {
    return new RunId(stack, deployment);
  }
}
