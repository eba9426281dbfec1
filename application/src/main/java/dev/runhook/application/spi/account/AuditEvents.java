package dev.runhook.application.spi.account;

import dev.runhook.application.query.AuditFilter;
import dev.runhook.application.query.Page;
import dev.runhook.application.query.PageRequest;
import dev.runhook.domain.audit.AuditEvent;

/// The audit events of all accounts. An event never changes. Retention drops it with the rest of
/// the history.
public interface AuditEvents {
  /// Adds an event with a new id.
  void add(AuditEvent event);

  /// Returns the events that match the filter, ordered by id, the greatest first.
  Page<AuditEvent> list(AuditFilter filter, PageRequest page);
}
