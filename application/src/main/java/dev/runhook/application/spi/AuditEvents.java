package dev.runhook.application.spi;

import dev.runhook.application.AuditFilter;
import dev.runhook.application.Page;
import dev.runhook.application.PageRequest;
import dev.runhook.domain.audit.AuditEvent;

/// Who did what, of all accounts. Entries are never changed, and forgotten with all history.
public interface AuditEvents {
  /// Adds an entry, whose id is new.
  void add(AuditEvent entry);

  /// Those that the filter lets through, by id, the greatest first.
  Page<AuditEvent> list(AuditFilter filter, PageRequest page);
}
