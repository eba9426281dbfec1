package dev.runhook.testkit.memory;

import static java.util.Comparator.comparing;

import dev.runhook.application.query.AuditFilter;
import dev.runhook.application.query.Page;
import dev.runhook.application.query.PageRequest;
import dev.runhook.application.spi.account.AuditEvents;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.audit.AuditEvent;
import java.util.List;
import java.util.Optional;
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
            .filter(event -> matches(filter, event))
            .sorted(comparing(InMemoryAuditEvents::key).reversed())
            .toList();
    return KeysetPages.descending(entries, page, InMemoryAuditEvents::key, UUID::fromString);
  }

  private static UUID key(AuditEvent entry) {
    return entry.id().value();
  }

  private static boolean matches(AuditFilter filter, AuditEvent event) {
    return event.account().equals(filter.account())
        && isInScope(filter.stackScope(), event)
        && filter.actor().map(name -> isBy(event, name)).orElse(true)
        && filter.action().map(event.action()::equals).orElse(true)
        && filter.stack().map(slug -> event.stack().equals(Optional.of(slug))).orElse(true)
        && filter.resource().map(id -> event.resource().equals(Optional.of(id))).orElse(true)
        && filter.from().map(first -> !event.occurredAt().isBefore(first)).orElse(true)
        && filter.to().map(end -> event.occurredAt().isBefore(end)).orElse(true);
  }

  private static boolean isInScope(StackScope stackScope, AuditEvent event) {
    return switch (stackScope) {
      case StackScope.All() -> true;
      case StackScope.Only(var stacks) -> event.stack().filter(stacks::contains).isPresent();
    };
  }

  private static boolean isBy(AuditEvent event, String nameOrToken) {
    return event.actor().equals(nameOrToken)
        || event.token().filter(token -> token.toString().equals(nameOrToken)).isPresent();
  }
}
