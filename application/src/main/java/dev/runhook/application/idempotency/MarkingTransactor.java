package dev.runhook.application.idempotency;

import dev.runhook.application.StoreBusyException;
import dev.runhook.application.spi.IdempotencyKeys.KeyClaim;
import dev.runhook.application.spi.Transactor;
import dev.runhook.application.spi.UnitOfWork;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Marks the key of an idempotent request as committed in each transaction.
final class MarkingTransactor implements Transactor {
  private final Transactor transactor;
  private final KeyClaim claim;

  MarkingTransactor(Transactor transactor, KeyClaim claim) {
    this.transactor = transactor;
    this.claim = claim;
  }

  @Override
  public <T extends @Nullable Object> T inTransaction(Function<UnitOfWork, T> work) {
    return transactor.<T>inTransaction(unit -> {
      T result = work.apply(unit);
      if (!unit.idempotencyKeys().markCommitted(claim.id(), claim.attempt())) {
        throw new StoreBusyException("another process has taken over the request");
      }
      return result;
    });
  }
}
