package com.example.pipelines;

import dev.runhook.application.audit.Actor;
import dev.runhook.application.run.RunJournal;
import dev.runhook.application.webhook.CreateWebhookRequest;
import dev.runhook.application.webhook.WebhookAdmin;
import dev.runhook.domain.run.Commit;
import dev.runhook.domain.run.NewRun;
import dev.runhook.domain.run.RunDetails;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.run.TransitionReport;
import dev.runhook.domain.signing.SigningSecret;
import dev.runhook.embedded.Runhook;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/// A service that stores its rows with JPA. The journal joins the transaction of the entity
/// manager, whose changes Hibernate writes at the commit.
@Service
public class Pipelines {
  private static final Actor ACTOR = new Actor("pipelines");

  private final PipelineRepository pipelines;
  private final RunJournal journal;
  private final WebhookAdmin webhooks;
  private final StackId stack;

  public Pipelines(
      PipelineRepository pipelines, RunJournal journal, WebhookAdmin webhooks, Runhook runhook) {
    this.pipelines = pipelines;
    this.journal = journal;
    this.webhooks = webhooks;
    this.stack = runhook.stack("main");
    journal.register(Stack.named(stack, "Pipelines"));
  }

  /// Makes the webhook for one entry of the application's own configuration as it is there.
  ///
  /// @param entry the id of the entry
  public void configure(String entry, String endpoint, String secret) {
    webhooks.createOrUpdate(
        stack,
        CreateWebhookRequest.of(endpoint)
            .withExternalId(entry)
            .withSecret(SigningSecret.parse(secret)),
        ACTOR);
  }

  /// Adds a pipeline and starts its run, both in one transaction.
  @Transactional
  public void start(String id, String commit) {
    pipelines.save(new Pipeline(id, "QUEUED"));
    journal.start(
        NewRun.of(
            RunDetails.tracked("main", Commit.of(commit)),
            TransitionReport.of(run(id), RunState.QUEUED)));
  }

  /// Changes the state of a pipeline and records the transition, both in one transaction.
  @Transactional
  public void changeState(String id, RunState next) {
    pipelines.findById(id).orElseThrow().changeState(next.name());
    journal.record(TransitionReport.of(run(id), next));
  }

  RunId run(String id) {
    return new RunId(stack, id);
  }
}
