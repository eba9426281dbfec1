package dev.runhook.application.retention;

import dev.runhook.application.Actor;
import dev.runhook.application.Refusal.NoSuchRun;
import dev.runhook.application.RefusedException;
import dev.runhook.application.audit.AuditWriter;
import dev.runhook.application.delivery.Require;
import dev.runhook.application.spi.ErasureProgress;
import dev.runhook.application.spi.Transactor;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.audit.AuditAction;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.StackId;
import java.util.List;
import java.util.Optional;

final class TransactionalPayloadErasure implements PayloadErasure {
  private static final int AT_A_TIME = 500;

  private final Transactor transactor;
  private final AuditWriter auditWriter;

  TransactionalPayloadErasure(Transactor transactor, AuditWriter scribe) {
    this.transactor = transactor;
    this.auditWriter = scribe;
  }

  @Override
  public ErasureResult erase(RunId run, Actor actor) {
    return transactor.inTransaction(unit -> {
      Require.stack(unit, run.stack());
      // under its lock, so that nothing of it is queued meanwhile
      if (unit.runs().findForUpdate(List.of(run)).isEmpty()) {
        throw new RefusedException(new NoSuchRun(run.name()));
      }
      auditWriter.write(
          unit, actor, AuditAction.PAYLOADS_ERASED, run.stack(), Optional.empty(), run.name());
      return outcome(unit.events().erasePayloads(run));
    });
  }

  @Override
  public ErasureResult erase(AccountId account, StackScope stackScope, Actor actor) {
    transactor.run(unit ->
        auditWriter.write(
            unit, actor, AuditAction.PAYLOADS_ERASED, account, Optional.empty(), ""));
    ErasureProgress all = ErasureProgress.none();
    do {
      Optional<EventId> after = all.lastEvent();
      ErasureProgress some =
          transactor.inTransaction(
              unit -> unit.events().erasePayloads(account, stackScope, after, AT_A_TIME));
      all = all.plus(some);
    } while (all.lastEvent().isPresent());
    return outcome(all);
  }

  private static ErasureResult outcome(ErasureProgress erasureProgress) {
    return new ErasureResult(erasureProgress.erased(), erasureProgress.retained());
  }
}
