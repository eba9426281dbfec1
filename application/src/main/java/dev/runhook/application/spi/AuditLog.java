package dev.runhook.application.spi;

import dev.runhook.application.AuditFilter;
import dev.runhook.application.Page;
import dev.runhook.application.PageRequest;
import dev.runhook.domain.audit.AuditEntry;

/// Who did what, of all accounts. Entries are never changed, and forgotten with all history.
public interface AuditLog {
  /// Adds an entry, whose id is new.
  void add(AuditEntry entry);

  /// Those that the filter lets through, by id, the greatest first.
  Page<AuditEntry> list(AuditFilter filter, PageRequest page);
}
