package dev.runhook.application.audit;

import static java.util.Comparator.reverseOrder;

import dev.runhook.application.query.AuditFilter;
import dev.runhook.application.query.Page;
import dev.runhook.application.query.PageRequest;
import dev.runhook.application.spi.BucketRouter;
import dev.runhook.domain.audit.AuditEvent;

/// The audit log of an account: who did what. Use cases record their audit events themselves, in
/// the transaction of the action.
public final class AuditLog {
  private final BucketRouter buckets;

  public AuditLog(BucketRouter buckets) {
    this.buckets = buckets;
  }

  /// Lists the matching events, newest first.
  public Page<AuditEvent> list(AuditFilter filter, PageRequest page) {
    return BucketRouter.list(
        buckets.of(filter.account(), filter.stackScope()),
        page,
        reverseOrder(),
        unit -> unit.auditEvents().list(filter, page));
  }
}
