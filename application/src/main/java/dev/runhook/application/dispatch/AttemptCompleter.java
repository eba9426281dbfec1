package dev.runhook.application.dispatch;

import dev.runhook.application.StoreBusyException;
import dev.runhook.application.StoreUnavailableException;
import dev.runhook.application.batch.Pause;
import dev.runhook.application.dispatch.CompletionTransaction.BatchResult;
import dev.runhook.application.spi.DispatchObserver;
import dev.runhook.application.spi.Transactor;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/// Completes batches of attempts. If the store is unavailable, it retries until the leases expire.
/// It never waits for a run that another transaction has locked. Those attempts are deferred, so
/// that one locked run does not hold up the others. Thread-safe.
final class AttemptCompleter {
  private static final Duration RETRY_INTERVAL = Duration.ofMillis(200);
  private static final Duration MAX_RETRY_TIME_WHEN_STOPPING = Duration.ofSeconds(3);

  private final Transactor transactor;
  private final DispatchObserver observer;
  private final DispatchConfig config;
  private final LongSupplier ticker;
  private final BooleanSupplier stopping;

  AttemptCompleter(
      Transactor transactor,
      DispatchObserver observer,
      DispatchConfig config,
      LongSupplier ticker,
      BooleanSupplier stopping) {
    this.transactor = transactor;
    this.observer = observer;
    this.config = config;
    this.ticker = ticker;
    this.stopping = stopping;
  }

  /// @param leaseDuration how long to lease the next deliveries of the lanes to this process;
  ///   absent to lease none
  /// @return what the batch changed; absent if nothing could be stored in time, so that the
  ///   deliveries are sent again
  Optional<BatchResult> complete(List<AttemptResult> batch, Optional<Duration> leaseDuration) {
    long startedAt = ticker.getAsLong();
    while (true) {
      try {
        BatchResult result =
            transactor.inTransaction(unit ->
                new CompletionTransaction(unit, config.pausePolicy())
                    .complete(batch, leaseDuration));
        notifyObserver(batch, result);
        return Optional.of(result);
      } catch (StoreBusyException _) {
        return batch.size() == 1
            ? Optional.of(BatchResult.ofDeferred(batch))
            : completeSingly(batch, leaseDuration);
      } catch (StoreUnavailableException e) {
        observer.onError("completing " + batch.size() + " attempts", e);
        if (ticker.getAsLong() - startedAt > maxRetryTime().toNanos()) {
          return Optional.empty();
        }
        Pause.pause(RETRY_INTERVAL);
      } catch (RuntimeException e) {
        observer.onError("completing " + batch.size() + " attempts", e);
        return batch.size() == 1 ? Optional.empty() : completeSingly(batch, leaseDuration);
      }
    }
  }

  /// Returns whether the lease of the attempt may still be valid.
  boolean isWorthRetrying(AttemptResult attempt) {
    return ticker.getAsLong() - attempt.endedAtNanos() <= maxRetryTime().toNanos();
  }

  private Duration maxRetryTime() {
    return stopping.getAsBoolean() ? MAX_RETRY_TIME_WHEN_STOPPING : config.leaseDuration();
  }

  /// Keeps an attempt that cannot be stored from failing the others.
  private Optional<BatchResult> completeSingly(
      List<AttemptResult> batch, Optional<Duration> leaseDuration) {
    return batch.stream()
        .map(attempt -> complete(List.of(attempt), leaseDuration))
        .flatMap(Optional::stream)
        .reduce(BatchResult::merge);
  }

  private void notifyObserver(List<AttemptResult> batch, BatchResult result) {
    for (AttemptResult attempt : batch) {
      if (result.applied().contains(attempt.deliveryId())) {
        observer.onAttempt(attempt.leased(), attempt.attempt(), attempt.disposition());
      } else if (!result.deferred().contains(attempt)) {
        observer.onLeaseLost(attempt.leased(), attempt.attempt());
      }
    }
    result
        .webhookChanges()
        .forEach(change -> observer.reportHealthChange(change.before(), change.after()));
  }
}
