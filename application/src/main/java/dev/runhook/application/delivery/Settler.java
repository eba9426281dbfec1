package dev.runhook.application.delivery;

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
final class Settler {
  private static final Duration BETWEEN_TRIES = Duration.ofMillis(200);
  private static final Duration PATIENCE_WHEN_STOPPING = Duration.ofSeconds(3);

  private final Transactor transactor;
  private final DispatchObserver observer;
  private final DispatchRules rules;
  private final LongSupplier ticker;
  private final BooleanSupplier stopping;

  Settler(
      Transactor transactor,
      DispatchObserver observer,
      DispatchRules rules,
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
  Optional<Settling.Result> settle(List<Sent> batch, Optional<Duration> lease) {
    long began = ticker.getAsLong();
    while (true) {
      try {
        Settling.Result result =
            transactor.inTransaction(
                unit -> new Settling(unit, rules.pausing()).settle(batch, lease));
        tell(batch, result);
        return Optional.of(result);
      } catch (StoreBusyException _) {
        return batch.size() == 1
            ? Optional.of(Settling.Result.deferring(batch))
            : singly(batch, lease);
      } catch (StoreUnavailableException e) {
        observer.troubled("settling " + batch.size() + " attempts", e);
        if (ticker.getAsLong() - began > patience().toNanos()) {
          return Optional.empty();
        }
        LockSupport.parkNanos(BETWEEN_TRIES.toNanos());
      } catch (RuntimeException e) {
        observer.troubled("settling " + batch.size() + " attempts", e);
        return batch.size() == 1 ? Optional.empty() : singly(batch, lease);
      }
    }
  }

  /// Whether an attempt that ended then is still worth settling.
  boolean isWorthWhile(Sent sent) {
    return ticker.getAsLong() - sent.endedAt() <= patience().toNanos();
  }

  private Duration patience() {
    return stopping.getAsBoolean() ? PATIENCE_WHEN_STOPPING : rules.lease();
  }

  /// One that cannot be kept must not take the others with it.
  private Optional<Settling.Result> singly(List<Sent> batch, Optional<Duration> lease) {
    return batch.stream()
        .map(sent -> settle(List.of(sent), lease))
        .flatMap(Optional::stream)
        .reduce(Settling.Result::and);
  }

  private void tell(List<Sent> batch, Settling.Result result) {
    for (Sent sent : batch) {
      if (result.applied().contains(sent.delivery())) {
        observer.attempted(sent.parcel(), sent.attempt(), sent.fate());
      } else if (!result.deferred().contains(sent)) {
        observer.cameTooLate(sent.parcel(), sent.attempt());
      }
    }
    result.changes().forEach(change -> observer.changed(change.before(), change.after()));
  }
}
