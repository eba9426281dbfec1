package dev.runhook.application.idempotency;

import dev.runhook.application.StoreBusyException;
import dev.runhook.application.spi.IdempotencyKeys.KeyClaim;
import dev.runhook.application.spi.Transactor;
import dev.runhook.application.spi.UnitOfWork;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The idempotent request that a call of a use case belongs to, if there is one. Each transaction
/// of the use case also marks the request's key as committed, so the effect and the mark are
/// committed together even if the process is killed.
public final class IdempotencyScope {
  private static final IdempotencyScope NONE = new IdempotencyScope(Optional.empty());

  private final Optional<KeyClaim> claim;

  private IdempotencyScope(Optional<KeyClaim> claim) {
    this.claim = claim;
  }

  /// Returns the scope of requests without an idempotency key.
  public static IdempotencyScope none() {
    return NONE;
  }

  static IdempotencyScope of(KeyClaim claim) {
    return new IdempotencyScope(Optional.of(claim));
  }

  public boolean isNone() {
    return claim.isEmpty();
  }

  /// Returns a transactor whose transactions mark the key. A transaction fails with a
  /// [StoreBusyException] if another process has taken over the request.
  public Transactor bind(Transactor transactor) {
    return claim.<Transactor>map(key -> new MarkingTransactor(transactor, key)).orElse(transactor);
  }

  private record MarkingTransactor(Transactor transactor, KeyClaim claim) implements Transactor {
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
}
