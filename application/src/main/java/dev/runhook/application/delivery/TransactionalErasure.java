package dev.runhook.application.delivery;

import dev.runhook.application.Actor;
import dev.runhook.application.Refusal.NoSuchRun;
import dev.runhook.application.RefusedException;
import dev.runhook.application.audit.Scribe;
import dev.runhook.application.spi.Erased;
import dev.runhook.application.spi.Transactor;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.Reach;
import dev.runhook.domain.audit.AuditAction;
import dev.runhook.domain.audit.Deed;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.StackId;
import java.util.List;
import java.util.Optional;

final class TransactionalErasure implements Erasure {
  private static final int AT_A_TIME = 500;

  private final Transactor transactor;
  private final Scribe scribe;

  TransactionalErasure(Transactor transactor, Scribe scribe) {
    this.transactor = transactor;
    this.scribe = scribe;
  }

  @Override
  public Outcome forget(RunId run, Actor actor) {
    return transactor.inTransaction(unit -> {
      Known.stack(unit, run.stack());
      // under its lock, so that nothing of it is queued meanwhile
      if (unit.runs().findForUpdate(List.of(run)).isEmpty()) {
        throw new RefusedException(new NoSuchRun(run.name()));
      }
      StackId stack = run.stack();
      write(unit, actor, stack.account(), Optional.of(stack.slug()), run.name());
      return outcome(unit.events().erase(run));
    });
  }

  @Override
  public Outcome forget(AccountId account, Reach reach, Actor actor) {
    transactor.run(unit -> write(unit, actor, account, Optional.empty(), ""));
    Erased all = Erased.nothing();
    do {
      Optional<EventId> after = all.last();
      Erased some =
          transactor.inTransaction(unit -> unit.events().erase(account, reach, after, AT_A_TIME));
      all = all.and(some);
    } while (all.last().isPresent());
    return outcome(all);
  }

  private void write(
      UnitOfWork unit, Actor actor, AccountId account, Optional<String> stack, String detail) {
    scribe.write(
        unit,
        actor,
        new Deed(AuditAction.PAYLOADS_FORGOTTEN, account, stack, Optional.empty(), detail));
  }

  private static Outcome outcome(Erased erased) {
    return new Outcome(erased.forgotten(), erased.kept());
  }
}
