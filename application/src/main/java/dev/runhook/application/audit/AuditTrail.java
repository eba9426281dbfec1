package dev.runhook.application.audit;

import dev.runhook.application.Actor;
import dev.runhook.application.AuditFilter;
import dev.runhook.application.Page;
import dev.runhook.application.PageRequest;
import dev.runhook.application.spi.IdSource;
import dev.runhook.application.spi.Transactor;
import dev.runhook.domain.audit.AuditEntry;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.webhook.WebhookId;
import java.util.Optional;

/// For admins: who did what. Use cases write it down themselves, in the transaction of the deed;
/// here it is read.
public interface AuditTrail {
  static AuditTrail using(Transactor transactor, IdSource ids) {
    return new TransactionalAuditTrail(transactor, new Scribe(ids));
  }

  /// The entries, the newest first.
  Page<AuditEntry> list(AuditFilter filter, PageRequest page);

  /// Writes down that somebody is about to be shown secrets: of one webhook, or all of a stack.
  /// Where this fails, do not show them.
  void secretsRead(StackId stack, Optional<WebhookId> webhook, Actor actor);
}
