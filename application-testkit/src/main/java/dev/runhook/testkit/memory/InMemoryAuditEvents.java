package dev.runhook.testkit.memory;

import static java.util.Comparator.comparing;

import dev.runhook.application.AuditFilter;
import dev.runhook.application.Page;
import dev.runhook.application.PageRequest;
import dev.runhook.application.spi.AuditEvents;
import dev.runhook.domain.audit.AuditEvent;
import java.util.List;
import java.util.UUID;

final class InMemoryAuditEvents implements AuditEvents {
  private final InMemoryUnitOfWork unit;

  InMemoryAuditEvents(InMemoryUnitOfWork unit) {
    this.unit = unit;
  }

  @Override
  public void add(AuditEvent entry) {
    unit.database().auditEvents.add(entry);
  }

  @Override
  public Page<AuditEvent> list(AuditFilter filter, PageRequest page) {
    List<AuditEvent> entries =
        unit.database().auditEvents.stream()
            .filter(filter::matches)
            .sorted(comparing(InMemoryAuditEvents::key).reversed())
            .toList();
    return KeysetPages.descending(entries, page, InMemoryAuditEvents::key, UUID::fromString);
  }

  private static UUID key(AuditEvent entry) {
    return entry.id().value();
  }
}
