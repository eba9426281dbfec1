package dev.runhook.application.audit;

import dev.runhook.application.Actor;
import dev.runhook.application.spi.IdGenerator;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.audit.AuditAction;
import dev.runhook.domain.audit.AuditEvent;
import dev.runhook.domain.audit.AuditEventId;
import dev.runhook.domain.run.StackId;
import java.util.Optional;
import java.util.UUID;

/// Records an audit event in the same transaction as the action, so that neither is committed
/// without the other.
public record AuditWriter(IdGenerator ids) {
  /// Records an action on a stack or on one of its resources.
  public void write(
      UnitOfWork unit,
      Actor actor,
      AuditAction action,
      StackId stack,
      Optional<UUID> resource,
      String detail) {
    add(unit, actor, action, stack.account(), Optional.of(stack.slug()), resource, detail);
  }

  /// Records an action on an account or on one of its resources.
  public void write(
      UnitOfWork unit,
      Actor actor,
      AuditAction action,
      AccountId account,
      Optional<UUID> resource,
      String detail) {
    add(unit, actor, action, account, Optional.empty(), resource, detail);
  }

  private void add(
      UnitOfWork unit,
      Actor actor,
      AuditAction action,
      AccountId account,
      Optional<String> stack,
      Optional<UUID> resource,
      String detail) {
    AuditEventId id = new AuditEventId(ids.next());
    unit.auditEvents()
        .add(
            new AuditEvent(
                id,
                unit.now(),
                actor.name(),
                actor.token(),
                action,
                account,
                stack,
                resource,
                detail));
  }
}
