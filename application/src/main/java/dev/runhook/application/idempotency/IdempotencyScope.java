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

  private final Optional<Claimed> claimed;

  private IdempotencyScope(Optional<Claimed> claimed) {
    this.claimed = claimed;
  }

  /// @param bucket in which the request has claimed its key; it claims it in others when it changes
  ///   them
  private record Claimed(KeyClaim claim, Bucket bucket) {
    Bucket mark(Bucket changed) {
      return new MarkingBucket(changed, claim, changed.equals(bucket));
    }
  }

  /// Returns the scope of requests without an idempotency key.
  public static IdempotencyScope none() {
    return NONE;
  }

  static IdempotencyScope of(KeyClaim claim, Bucket bucket) {
    return new IdempotencyScope(Optional.of(new Claimed(claim, bucket)));
  }

  public boolean isNone() {
    return claimed.isEmpty();
  }

  /// Returns buckets whose transactions mark the key, except those that only read. A transaction
  /// fails with a [StoreBusyException] if another process has taken over the request, and is
  /// refused with [Refusal.ResponseLost] if an earlier attempt at the request was committed in its
  /// bucket.
  public BucketRouter bind(BucketRouter buckets) {
    return claimed
        .<BucketRouter>map(claim ->
            new Buckets(buckets.all().size())
                .router(buckets.all().stream().map(claim::mark).toList()))
        .orElse(buckets);
  }

  /// Returns the home bucket in the same way, for use cases that need no other.
  public Bucket bindHome(Bucket home) {
    return claimed.map(claim -> claim.mark(home)).orElse(home);
  }

  /// @param isClaimed whether the request has claimed its key in this bucket
  private record MarkingBucket(Bucket transactor, KeyClaim claim, boolean isClaimed)
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

    @Override
    public int number() {
      return transactor.number();
    }

    private void mark(IdempotencyKeys keys) {
      if (keys.markCommitted(claim.id(), claim.attempt())) {
        return;
      }
      if (isClaimed) {
        throw new StoreBusyException("another process has taken over the request");
      }
      if (keys.claim(claim, TTL).isPresent()) {
        throw new RefusedException(new Refusal.ResponseLost());
      }
      keys.markCommitted(claim.id(), claim.attempt());
    }
  }
}
