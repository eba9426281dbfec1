package dev.runhook.application.dispatch;

import dev.runhook.application.StoreBusyException;
import dev.runhook.application.StoreUnavailableException;
import dev.runhook.application.spi.DispatchObserver;
import dev.runhook.application.spi.Transactor;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/// Settles batches in transactions, and is patient: an answer that cannot be kept now is kept when
/// the store is back, as long as its lease lasts. It never waits for what somebody else holds; that
/// is deferred, so that one blocked run does not keep all others from being settled.
final class AttemptCompleter {
  private static final Duration BETWEEN_TRIES = Duration.ofMillis(200);
  private static final Duration PATIENCE_WHEN_STOPPING = Duration.ofSeconds(3);

  private final Transactor transactor;
  private final DispatchObserver observer;
  private final DispatchConfig rules;
  private final LongSupplier ticker;
  private final BooleanSupplier stopping;

  AttemptCompleter(
      Transactor transactor,
      DispatchObserver observer,
      DispatchConfig rules,
      LongSupplier ticker,
      BooleanSupplier stopping) {
    this.transactor = transactor;
    this.observer = observer;
    this.rules = rules;
    this.ticker = ticker;
    this.stopping = stopping;
  }

  /// What the batch changed; absent where it could not be kept before the leases ended, so that its
  /// deliveries will be sent again.
  Optional<CompletionTransaction.BatchResult> complete(
      List<AttemptResult> batch, Optional<Duration> lease) {
    long began = ticker.getAsLong();
    while (true) {
      try {
        CompletionTransaction.BatchResult batchResult =
            transactor.inTransaction(unit ->
                new CompletionTransaction(unit, rules.pausePolicy()).complete(batch, lease));
        tell(batch, batchResult);
        return Optional.of(batchResult);
      } catch (StoreBusyException _) {
        return batch.size() == 1
            ? Optional.of(CompletionTransaction.BatchResult.ofDeferred(batch))
            : singly(batch, lease);
      } catch (StoreUnavailableException e) {
        observer.onError("settling " + batch.size() + " attempts", e);
        if (ticker.getAsLong() - began > patience().toNanos()) {
          return Optional.empty();
        }
        LockSupport.parkNanos(BETWEEN_TRIES.toNanos());
      } catch (RuntimeException e) {
        observer.onError("settling " + batch.size() + " attempts", e);
        return batch.size() == 1 ? Optional.empty() : singly(batch, lease);
      }
    }
  }

  /// Whether an attempt that ended then is still worth settling.
  boolean isWorthRetrying(AttemptResult attemptResult) {
    return ticker.getAsLong() - attemptResult.endedAtNanos() <= patience().toNanos();
  }

  private Duration patience() {
    return stopping.getAsBoolean() ? PATIENCE_WHEN_STOPPING : rules.leaseDuration();
  }

  /// One that cannot be kept must not take the others with it.
  private Optional<CompletionTransaction.BatchResult> singly(
      List<AttemptResult> batch, Optional<Duration> lease) {
    return batch.stream()
        .map(attemptResult -> complete(List.of(attemptResult), lease))
        .flatMap(Optional::stream)
        .reduce(CompletionTransaction.BatchResult::merge);
  }

  private void tell(List<AttemptResult> batch, CompletionTransaction.BatchResult batchResult) {
    for (AttemptResult attemptResult : batch) {
      if (batchResult.applied().contains(attemptResult.deliveryId())) {
        observer.onAttempt(
            attemptResult.leased(), attemptResult.attempt(), attemptResult.disposition());
      } else if (!batchResult.deferred().contains(attemptResult)) {
        observer.onLeaseLost(attemptResult.leased(), attemptResult.attempt());
      }
    }
    batchResult
        .webhookChanges()
        .forEach(change -> observer.reportHealthChange(change.before(), change.after()));
  }
}
