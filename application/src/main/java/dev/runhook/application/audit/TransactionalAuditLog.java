package dev.runhook.application.audit;

import dev.runhook.application.Actor;
import dev.runhook.application.AuditFilter;
import dev.runhook.application.Page;
import dev.runhook.application.PageRequest;
import dev.runhook.application.spi.Transactor;
import dev.runhook.domain.audit.AuditAction;
import dev.runhook.domain.audit.AuditEvent;
import dev.runhook.domain.audit.AuditedAction;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.webhook.WebhookId;
import java.util.Optional;

final class TransactionalAuditLog implements AuditLog {
  private final Transactor transactor;
  private final AuditWriter auditWriter;

  TransactionalAuditLog(Transactor transactor, AuditWriter scribe) {
    this.transactor = transactor;
    this.auditWriter = scribe;
  }

  @Override
  public Page<AuditEvent> list(AuditFilter filter, PageRequest page) {
    return transactor.inTransaction(unit -> unit.auditEvents().list(filter, page));
  }

  @Override
  public void recordSecretsRead(StackId stack, Optional<WebhookId> webhook, Actor actor) {
    AuditedAction auditedAction =
        new AuditedAction(
            AuditAction.SECRET_READ,
            stack.account(),
            Optional.of(stack.slug()),
            webhook.map(WebhookId::value),
            webhook.isPresent() ? "" : "a list of the stack's webhooks");
    transactor.run(unit -> auditWriter.write(unit, actor, auditedAction));
  }
}
