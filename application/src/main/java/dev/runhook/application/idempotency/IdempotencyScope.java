package dev.runhook.application.idempotency;

import dev.runhook.application.spi.IdempotencyKeys.KeyClaim;
import dev.runhook.application.spi.Transactor;
import java.util.Optional;

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
  /// [dev.runhook.application.StoreBusyException] if another process has taken over the request.
  public Transactor bind(Transactor transactor) {
    return claim.<Transactor>map(key -> new MarkingTransactor(transactor, key)).orElse(transactor);
  }
}
