package dev.runhook.application.audit;

import dev.runhook.application.Actor;
import dev.runhook.application.AuditFilter;
import dev.runhook.application.Page;
import dev.runhook.application.PageRequest;
import dev.runhook.application.spi.IdGenerator;
import dev.runhook.application.spi.Transactor;
import dev.runhook.domain.audit.AuditAction;
import dev.runhook.domain.audit.AuditEvent;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.webhook.WebhookId;
import java.util.Optional;

/// The audit log of an account: who did what. Use cases record their audit events themselves, in
/// the transaction of the action.
public final class AuditLog {
  private final Transactor transactor;
  private final AuditWriter auditWriter;

  private AuditLog(Transactor transactor, AuditWriter auditWriter) {
    this.transactor = transactor;
    this.auditWriter = auditWriter;
  }

  public static AuditLog using(Transactor transactor, IdGenerator ids) {
    return new AuditLog(transactor, new AuditWriter(ids));
  }

  /// Lists the matching events, newest first.
  public Page<AuditEvent> list(AuditFilter filter, PageRequest page) {
    return transactor.inTransaction(unit -> unit.auditEvents().list(filter, page));
  }

  /// Records that a user is about to see the secret of one webhook, or of all webhooks of a stack.
  /// Do not show secrets if this fails.
  public void recordSecretsRead(StackId stack, Optional<WebhookId> webhook, Actor actor) {
    String detail = webhook.isPresent() ? "" : "a list of the stack's webhooks";
    transactor.run(unit ->
        auditWriter.write(
            unit, actor, AuditAction.SECRET_READ, stack, webhook.map(WebhookId::value), detail));
  }
}
