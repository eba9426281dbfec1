package dev.runhook.application.audit;

import dev.runhook.application.Actor;
import dev.runhook.application.AuditFilter;
import dev.runhook.application.Page;
import dev.runhook.application.PageRequest;
import dev.runhook.application.spi.IdGenerator;
import dev.runhook.application.spi.Transactor;
import dev.runhook.domain.audit.AuditEvent;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.webhook.WebhookId;
import java.util.Optional;

/// For admins: who did what. Use cases write it down themselves, in the transaction of the deed;
/// here it is read.
public interface AuditLog {
  static AuditLog using(Transactor transactor, IdGenerator ids) {
    return new TransactionalAuditLog(transactor, new AuditWriter(ids));
  }

  /// The entries, the newest first.
  Page<AuditEvent> list(AuditFilter filter, PageRequest page);

  /// Writes down that somebody is about to be shown secrets: of one webhook, or all of a stack.
  /// Where this fails, do not show them.
  void recordSecretsRead(StackId stack, Optional<WebhookId> webhook, Actor actor);
}
