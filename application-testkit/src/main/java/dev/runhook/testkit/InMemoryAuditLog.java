package dev.runhook.testkit;

import static java.util.Comparator.comparing;

import dev.runhook.application.AuditFilter;
import dev.runhook.application.Page;
import dev.runhook.application.PageRequest;
import dev.runhook.application.spi.AuditLog;
import dev.runhook.domain.audit.AuditEntry;
import java.util.List;
import java.util.UUID;

final class InMemoryAuditLog implements AuditLog {
  private final InMemoryUnitOfWork unit;

  InMemoryAuditLog(InMemoryUnitOfWork unit) {
    this.unit = unit;
  }

  @Override
  public void add(AuditEntry entry) {
    unit.tables().audit.add(entry);
  }

  @Override
  public Page<AuditEntry> list(AuditFilter filter, PageRequest page) {
    List<AuditEntry> entries =
        unit.tables().audit.stream()
            .filter(filter::lets)
            .sorted(comparing(InMemoryAuditLog::key).reversed())
            .toList();
    return Pages.descending(entries, page, InMemoryAuditLog::key, UUID::fromString);
  }

  private static UUID key(AuditEntry entry) {
    return entry.id().value();
  }
}
