package dev.runhook.application.idempotency;

import dev.runhook.application.refusal.Refusal;
import dev.runhook.application.refusal.RefusedException;
import dev.runhook.application.spi.Bucket;
import dev.runhook.application.spi.BucketRouter;
import dev.runhook.application.spi.Buckets;
import dev.runhook.application.spi.StoreUnavailableException.StoreBusyException;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.application.spi.account.IdempotencyKeys;
import dev.runhook.application.spi.account.IdempotencyKeys.KeyClaim;
import dev.runhook.application.spi.account.IdempotencyKeys.KeyTtl;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The idempotent request that a call of a use case belongs to, if there is one. Each transaction
/// of the use case also marks the request's key as committed, so the effect and the mark are
/// committed together even if the process is killed.
public final class IdempotencyScope {
  /// How long keys are valid. The lock lasts longer than any request waits for the store.
  static final KeyTtl TTL = new KeyTtl(Duration.ofHours(24), Duration.ofMinutes(1));

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

  /// Returns buckets whose transactions mark the key, except those that only read. A transaction
  /// fails with a [StoreBusyException] if another process has taken over the request, and is
  /// refused with [Refusal.ResponseLost] if an earlier attempt at the request was committed in its
  /// bucket.
  public BucketRouter bind(BucketRouter buckets) {
    return claim
        .<BucketRouter>map(key ->
            new Buckets(buckets.all().size())
                .router(
                    buckets.all().stream()
                        .<Bucket>map(
                            bucket -> new MarkingBucket(bucket, key, bucket.equals(buckets.home())))
                        .toList()))
        .orElse(buckets);
  }

  /// Returns the home bucket in the same way, for use cases that need no other.
  public Bucket bindHome(Bucket home) {
    return claim.<Bucket>map(key -> new MarkingBucket(home, key, true)).orElse(home);
  }

  /// @param isHome whether the request has claimed its key in this bucket; it claims it in others
  ///   when it changes them
  private record MarkingBucket(Bucket transactor, KeyClaim claim, boolean isHome)
      implements Bucket {
    @Override
    public <T extends @Nullable Object> T inTransaction(Function<UnitOfWork, T> work) {
      return transactor.<T>inTransaction(unit -> {
        T result = work.apply(unit);
        mark(unit.idempotencyKeys());
        return result;
      });
    }

    @Override
    public <T extends @Nullable Object> T inSnapshot(Function<UnitOfWork, T> work) {
      return transactor.<T>inSnapshot(work);
    }

    private void mark(IdempotencyKeys keys) {
      if (keys.markCommitted(claim.id(), claim.attempt())) {
        return;
      }
      if (isHome) {
        throw new StoreBusyException("another process has taken over the request");
      }
      if (keys.claim(claim, TTL).isPresent()) {
        throw new RefusedException(new Refusal.ResponseLost());
      }
      keys.markCommitted(claim.id(), claim.attempt());
    }
  }
}
