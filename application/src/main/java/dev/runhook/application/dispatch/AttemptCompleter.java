package dev.runhook.application.dispatch;

import dev.runhook.application.StoreBusyException;
import dev.runhook.application.StoreUnavailableException;
import dev.runhook.application.batch.Batcher;
import dev.runhook.application.batch.Pause;
import dev.runhook.application.dispatch.CompletionTransaction.BatchResult;
import dev.runhook.application.dispatch.CompletionTransaction.NextLease;
import dev.runhook.application.spi.ByteLimits;
import dev.runhook.application.spi.DispatchObserver;
import dev.runhook.application.spi.LeasedDelivery;
import dev.runhook.application.spi.Transactor;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Completes attempts in batches. Attempts that finish while a batch is being stored go into the
/// next one. If the store is unavailable, a batch is retried until the leases expire. A batch never
/// waits for a run or webhook that another transaction has locked, so that one lock does not delay
/// the others. These attempts are deferred, and tried again while their leases may be valid. Each
/// attempt is reported to the listener exactly once as over, whether or not it could be stored.
/// Thread-safe.
final class AttemptCompleter {
  private static final int MAX_BATCH_SIZE = 500;

  /// Under load, a larger batch is worth the delay of results and of the next deliveries.
  private static final Duration LINGER = Duration.ofMillis(10);

  private static final Duration DEFERRED_DELAY = Duration.ofMillis(5);
  private static final Duration RETRY_INTERVAL = Duration.ofMillis(200);
  private static final Duration MAX_RETRY_TIME_WHEN_STOPPING = Duration.ofSeconds(3);

  private final Transactor transactor;
  private final DispatchObserver observer;
  private final DispatchConfig config;
  private final Executor executor;
  private final CompletionListener listener;
  private final Batcher<AttemptResult> batcher;

  AttemptCompleter(
      Transactor transactor,
      DispatchObserver observer,
      DispatchConfig config,
      Executor executor,
      CompletionListener listener) {
    this.transactor = transactor;
    this.observer = observer;
    this.config = config;
    this.executor = executor;
    this.listener = listener;
    this.batcher = new Batcher<>(executor, batchPolicy(config.maxInFlight()), this::complete);
  }

  /// Limits a batch to a quarter of the attempts in flight. A batch then never lingers for a size
  /// that it cannot reach, and sending continues while two batches are being stored.
  static Batcher.Policy batchPolicy(int maxInFlight) {
    return new Batcher.Policy(Math.clamp(maxInFlight / 4, 1, MAX_BATCH_SIZE), LINGER, 2, 2);
  }

  interface CompletionListener {
    /// Returns whether this process is stopping and therefore leases no further deliveries.
    boolean isStopping();

    /// Returns the ticker's value.
    long nanoTime();

    /// Reserves memory for the next deliveries of the lanes, until [#releaseBytes].
    ByteLimits reserveBytes();

    /// Called once for each reservation, after [#onCompleted] if the batch is stored.
    void releaseBytes(ByteLimits reserved);

    /// Called after a batch is stored, and before [#onAttemptsOver] for its attempts.
    ///
    /// @param leasedAt a value of [#nanoTime] from before the new leases began
    void onCompleted(BatchResult result, long leasedAt);

    /// Called when a delivery is due again sooner than an idle process polls.
    void onSoonDue();

    /// Called when the attempts of these deliveries are over, which frees their slots.
    void onAttemptsOver(List<LeasedDelivery> deliveries);
  }

  void add(AttemptResult attempt) {
    try {
      batcher.add(attempt);
    } catch (RejectedExecutionException e) {
      abandon(List.of(attempt), e);
    }
  }

  private void complete(List<AttemptResult> batch) {
    Optional<BatchResult> result = storeAndLeaseNext(batch);
    if (batch.stream().anyMatch(AttemptResult::isSoonDue)) {
      listener.onSoonDue();
    }
    Map<Boolean, List<AttemptResult>> deferred =
        result.map(BatchResult::deferred).orElse(List.of()).stream()
            .collect(
                Collectors.partitioningBy(
                    attempt -> listener.nanoTime() - attempt.endedAtNanos() <= maxRetryNanos()));
    List<AttemptResult> retried = deferred.getOrDefault(true, List.of());
    reportLeaseLost(deferred.getOrDefault(false, List.of()));
    listener.onAttemptsOver(leased(batch.stream().filter(attempt -> !retried.contains(attempt))));
    if (!retried.isEmpty()) {
      addLater(retried);
    }
  }

  private Optional<BatchResult> storeAndLeaseNext(List<AttemptResult> batch) {
    ByteLimits bytes = listener.reserveBytes();
    try {
      long leasedAt = listener.nanoTime();
      Optional<Duration> leaseDuration =
          listener.isStopping() || bytes.total() == 0
              ? Optional.empty()
              : Optional.of(config.leaseDuration());
      Optional<BatchResult> result = store(batch, new NextLease(leaseDuration, bytes));
      result.ifPresent(completed -> listener.onCompleted(completed, leasedAt));
      return result;
    } finally {
      listener.releaseBytes(bytes);
    }
  }

  /// @return what the batch changed; absent if nothing could be stored in time, so that the
  ///   deliveries are sent again
  private Optional<BatchResult> store(List<AttemptResult> batch, NextLease nextLease) {
    long startedAt = listener.nanoTime();
    while (true) {
      try {
        BatchResult result =
            transactor.inTransaction(unit ->
                new CompletionTransaction(unit, config.pausePolicy()).complete(batch, nextLease));
        notifyObserver(batch, result);
        return Optional.of(result);
      } catch (StoreBusyException ignored) {
        return batch.size() == 1 ? Optional.of(BatchResult.ofDeferred(batch)) : storeSingly(batch);
      } catch (StoreUnavailableException e) {
        observer.onError("completing " + batch.size() + " attempts", e);
        if (listener.nanoTime() - startedAt > maxRetryNanos()) {
          reportLeaseLost(batch);
          return Optional.empty();
        }
        Pause.pause(RETRY_INTERVAL);
      } catch (RuntimeException e) {
        observer.onError("completing " + batch.size() + " attempts", e);
        return batch.size() == 1 ? Optional.empty() : storeSingly(batch);
      }
    }
  }

  private long maxRetryNanos() {
    return (listener.isStopping() ? MAX_RETRY_TIME_WHEN_STOPPING : config.leaseDuration())
        .toNanos();
  }

  /// Prevents an attempt that cannot be stored from causing the others to fail. The next deliveries
  /// are left to be claimed, because the bytes were reserved for one transaction.
  private Optional<BatchResult> storeSingly(List<AttemptResult> batch) {
    return batch.stream()
        .map(attempt -> store(List.of(attempt), NextLease.none()))
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

  private void reportLeaseLost(List<AttemptResult> attempts) {
    attempts.forEach(attempt -> observer.onLeaseLost(attempt.leased(), attempt.attempt()));
  }

  private void addLater(List<AttemptResult> deferred) {
    try {
      executor.execute(() -> {
        Pause.pause(DEFERRED_DELAY);
        deferred.forEach(this::add);
      });
    } catch (RejectedExecutionException e) {
      abandon(deferred, e);
    }
  }

  private void abandon(List<AttemptResult> attempts, RejectedExecutionException cause) {
    observer.onError("completing " + attempts.size() + " attempts", cause);
    listener.onAttemptsOver(leased(attempts.stream()));
  }

  private static List<LeasedDelivery> leased(Stream<AttemptResult> attempts) {
    return attempts.map(AttemptResult::leased).toList();
  }
}
