package dev.runhook.application.audit;

import dev.runhook.application.Actor;
import dev.runhook.application.spi.IdSource;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.domain.audit.AuditAction;
import dev.runhook.domain.audit.AuditEntry;
import dev.runhook.domain.audit.AuditId;
import dev.runhook.domain.audit.Deed;
import dev.runhook.domain.run.StackId;
import java.util.Optional;
import java.util.UUID;

/// Writes deeds down in the unit in which they are done: kept together, or neither.
public record Scribe(IdSource ids) {
  public void write(UnitOfWork unit, Actor actor, Deed deed) {
    AuditId id = new AuditId(ids.next());
    unit.audit().add(new AuditEntry(id, unit.now(), actor.name(), actor.token(), deed));
  }

  /// Something done to a webhook or delivery of a stack.
  public void write(UnitOfWork unit, Actor actor, AuditAction action, StackId stack, UUID subject) {
    write(
        unit,
        actor,
        new Deed(action, stack.account(), Optional.of(stack.slug()), Optional.of(subject), ""));
  }
}
