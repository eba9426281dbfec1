package dev.runhook.application.audit;

import dev.runhook.application.Actor;
import dev.runhook.application.AuditFilter;
import dev.runhook.application.Page;
import dev.runhook.application.PageRequest;
import dev.runhook.application.spi.Transactor;
import dev.runhook.domain.audit.AuditAction;
import dev.runhook.domain.audit.AuditEntry;
import dev.runhook.domain.audit.Deed;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.webhook.WebhookId;
import java.util.Optional;

final class TransactionalAuditTrail implements AuditTrail {
  private final Transactor transactor;
  private final Scribe scribe;

  TransactionalAuditTrail(Transactor transactor, Scribe scribe) {
    this.transactor = transactor;
    this.scribe = scribe;
  }

  @Override
  public Page<AuditEntry> list(AuditFilter filter, PageRequest page) {
    return transactor.inTransaction(unit -> unit.audit().list(filter, page));
  }

  @Override
  public void secretsRead(StackId stack, Optional<WebhookId> webhook, Actor actor) {
    Deed deed =
        new Deed(
            AuditAction.SECRET_READ,
            stack.account(),
            Optional.of(stack.slug()),
            webhook.map(WebhookId::value),
            webhook.isPresent() ? "" : "a list of the stack's webhooks");
    transactor.run(unit -> scribe.write(unit, actor, deed));
  }
}
