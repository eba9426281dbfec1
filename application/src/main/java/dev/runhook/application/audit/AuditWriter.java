package dev.runhook.application.audit;

import dev.runhook.application.Actor;
import dev.runhook.application.spi.IdGenerator;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.domain.audit.AuditAction;
import dev.runhook.domain.audit.AuditEvent;
import dev.runhook.domain.audit.AuditEventId;
import dev.runhook.domain.audit.AuditedAction;
import dev.runhook.domain.run.StackId;
import java.util.Optional;
import java.util.UUID;

/// Writes deeds down in the unit in which they are done: kept together, or neither.
public record AuditWriter(IdGenerator ids) {
  public void write(UnitOfWork unit, Actor actor, AuditedAction auditedAction) {
    AuditEventId id = new AuditEventId(ids.next());
    unit.auditEvents()
        .add(new AuditEvent(id, unit.now(), actor.name(), actor.token(), auditedAction));
  }

  /// Something done to a webhook or delivery of a stack.
  public void write(UnitOfWork unit, Actor actor, AuditAction action, StackId stack, UUID subject) {
    write(
        unit,
        actor,
        new AuditedAction(
            action, stack.account(), Optional.of(stack.slug()), Optional.of(subject), ""));
  }
}
