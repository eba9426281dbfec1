package dev.runhook.application.retention;

import dev.runhook.application.audit.Actor;
import dev.runhook.application.audit.AuditWriter;
import dev.runhook.application.refusal.Refusal.NoSuchRun;
import dev.runhook.application.refusal.RefusedException;
import dev.runhook.application.refusal.Require;
import dev.runhook.application.spi.Bucket;
import dev.runhook.application.spi.BucketRouter;
import dev.runhook.application.spi.Events.ErasureProgress;
import dev.runhook.application.spi.IdGenerator;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.audit.AuditAction;
import dev.runhook.domain.audit.AuditDetail;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.run.RunId;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Erases payloads on request, before retention drops them. The SHA-256 of an erased payload stays,
/// and so do the event, its deliveries and the responses of receivers. A payload with an open
/// delivery is retained. Thread-safe.
public final class PayloadErasure {
  private static final int EVENTS_PER_TRANSACTION = 500;

  private final BucketRouter buckets;
  private final AuditWriter auditWriter;

  /// @param ids generates the ids of audit events
  public PayloadErasure(BucketRouter buckets, IdGenerator ids) {
    this.buckets = buckets;
    this.auditWriter = new AuditWriter(ids);
  }

  /// @param dryRun whether the payloads were only counted
  /// @param erased how many payloads were erased or, in a dry run, would be
  /// @param retained how many payloads still have an open delivery
  public record ErasureResult(boolean dryRun, long erased, long retained) {}

  /// Erases the payloads of a run, or refuses the call if the run does not exist.
  public ErasureResult erase(RunId run, Actor actor) {
    return buckets
        .of(run.stack())
        .inTransaction(unit -> {
          Require.stack(unit, run.stack());
          // the lock keeps others from adding deliveries of the run
          if (unit.runs().findForUpdate(List.of(run)).isEmpty()) {
            throw new RefusedException(new NoSuchRun(run.name()));
          }
          auditWriter.write(
              unit,
              actor,
              AuditAction.PAYLOADS_ERASED,
              run.stack(),
              Optional.empty(),
              Map.of(AuditDetail.RUN, run.name()));
          ErasureProgress progress = unit.events().erasePayloads(run);
          return new ErasureResult(false, progress.erased(), progress.retained());
        });
  }

  /// Erases the payloads of all stacks in the scope, in several transactions. After a failure, the
  /// call can be repeated.
  ///
  /// @param dryRun whether to only count the payloads
  public ErasureResult erase(
      AccountId account, StackScope stackScope, boolean dryRun, Actor actor) {
    if (!dryRun) {
      buckets
          .home()
          .run(unit ->
              auditWriter.write(
                  unit,
                  actor,
                  AuditAction.PAYLOADS_ERASED,
                  account,
                  Optional.empty(),
                  Map.of(AuditDetail.STACKS, AuditWriter.format(stackScope))));
    }
    ErasureProgress progress = ErasureProgress.none();
    for (Bucket bucket : buckets.of(account, stackScope)) {
      do {
        Optional<EventId> after = progress.lastEvent();
        progress =
            progress.plus(
                bucket.inTransaction(unit ->
                    unit.events()
                        .erasePayloads(
                            account, stackScope, after, EVENTS_PER_TRANSACTION, dryRun)));
      } while (progress.lastEvent().isPresent());
    }
    return new ErasureResult(dryRun, progress.erased(), progress.retained());
  }
}
