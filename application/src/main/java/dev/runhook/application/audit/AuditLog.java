package dev.runhook.application.audit;

import dev.runhook.application.AuditFilter;
import dev.runhook.application.Page;
import dev.runhook.application.PageRequest;
import dev.runhook.application.spi.Transactor;
import dev.runhook.domain.audit.AuditEvent;

/// The audit log of an account: who did what. Use cases record their audit events themselves, in
/// the transaction of the action.
public final class AuditLog {
  private final Transactor transactor;

  public AuditLog(Transactor transactor) {
    this.transactor = transactor;
  }

  /// Lists the matching events, newest first.
  public Page<AuditEvent> list(AuditFilter filter, PageRequest page) {
    return transactor.inTransaction(unit -> unit.auditEvents().list(filter, page));
  }
}
