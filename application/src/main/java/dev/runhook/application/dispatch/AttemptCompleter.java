package dev.runhook.application.dispatch;

import dev.runhook.application.batch.FairBatcher;
import dev.runhook.application.batch.Pause;
import dev.runhook.application.dispatch.CompletionTransaction.BatchResult;
import dev.runhook.application.dispatch.CompletionTransaction.NextLease;
import dev.runhook.application.outbox.OperationalEvents;
import dev.runhook.application.spi.Bucket;
import dev.runhook.application.spi.StoreUnavailableException;
import dev.runhook.application.spi.StoreUnavailableException.StoreBusyException;
import dev.runhook.application.spi.delivery.ByteLimits;
import dev.runhook.application.spi.delivery.Deliveries.CompletedAttempt;
import dev.runhook.application.spi.delivery.DispatchObserver;
import dev.runhook.application.spi.delivery.LeasedDelivery;
import dev.runhook.domain.delivery.Disposition;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Stream;

/// Completes attempts of the buckets of one server in batches. Attempts that finish while a batch
/// is being stored go into the next one. If the store is unavailable, a batch is retried until the
/// leases expire. A batch never waits for a run or webhook that another transaction has locked, so
/// that one lock does not delay the others. These attempts are deferred, and tried again while
/// their leases may be valid. Each attempt is reported to the send loop exactly once as over,
/// whether or not it could be stored. Thread-safe.
final class AttemptCompleter {
  private static final String KEY = "attempts";
  private static final int MAX_BATCH_SIZE = 500;

  /// Under load, a larger batch is worth the delay of results and of the next deliveries.
  private static final Duration LINGER = Duration.ofMillis(10);

  private static final Duration DEFERRED_DELAY = Duration.ofMillis(5);
  private static final Duration RETRY_INTERVAL = Duration.ofMillis(200);
  private static final Duration MAX_RETRY_TIME_WHEN_STOPPING = Duration.ofSeconds(3);

  private final OperationalEvents operationalEvents;
  private final DispatchObserver observer;
  private final DispatchConfig config;
  private final Executor executor;
  private final FairQueue queue;
  private final SendLoop sendLoop;
  private final FairBatcher<String, Bucket, CompletedAttempt> batcher;

  AttemptCompleter(
      OperationalEvents operationalEvents,
      Dispatcher.DeliveryTransport transport,
      DispatchConfig config,
      Executor executor,
      FairQueue queue,
      SendLoop sendLoop) {
    this.operationalEvents = operationalEvents;
    this.observer = transport.observer();
    this.config = config;
    this.executor = executor;
    this.queue = queue;
    this.sendLoop = sendLoop;
    this.batcher = new FairBatcher<>(executor, batchPolicy(config.maxInFlight()), this::complete);
  }

  /// Limits a batch to a quarter of the attempts in flight. A batch then never lingers for a size
  /// that it cannot reach, and sending continues while two batches are being stored.
  static FairBatcher.Policy batchPolicy(int maxInFlight) {
    return FairBatcher.Policy.ofOneKey(
        Math.clamp(maxInFlight / 4, 1, MAX_BATCH_SIZE), LINGER, 2, 2);
  }

  void add(Bucket bucket, CompletedAttempt attempt) {
    try {
      batcher.addAll(KEY, bucket, List.of(attempt));
    } catch (RejectedExecutionException e) {
      abandon(List.of(attempt), e);
    }
  }

  /// Completes the attempts one by one if that is not possible together, so that one cannot cause
  /// the others to fail.
  private void complete(Bucket bucket, List<CompletedAttempt> batch) {
    Optional<List<CompletedAttempt>> deferred = storeAndLeaseNext(bucket, batch);
    if (deferred.isEmpty() && batch.size() > 1) {
      batch.forEach(attempt -> complete(bucket, List.of(attempt)));
      return;
    }
    batch.stream()
        .flatMap(AttemptCompleter::retryDelay)
        .min(Duration::compareTo)
        .ifPresent(delay -> sendLoop.onRetry(bucket, delay));
    List<CompletedAttempt> retried = deferred.orElse(List.of());
    sendLoop.onAttemptsOver(leased(batch.stream().filter(attempt -> !retried.contains(attempt))));
    if (!retried.isEmpty()) {
      addLater(bucket, retried);
    }
  }

  private static Stream<Duration> retryDelay(CompletedAttempt attempt) {
    return attempt.disposition() instanceof Disposition.Retry(Duration delay, var ignored)
        ? Stream.of(delay)
        : Stream.empty();
  }

  /// @return the attempts to complete later; absent if the batch cannot be stored
  private Optional<List<CompletedAttempt>> storeAndLeaseNext(
      Bucket bucket, List<CompletedAttempt> batch) {
    ByteLimits bytes = queue.reserveBytes();
    try {
      long leasedAt = sendLoop.nanoTime();
      Optional<Duration> leaseDuration =
          queue.isClosed() || bytes.total() == 0
              ? Optional.empty()
              : Optional.of(config.leaseDuration());
      return store(bucket, batch, new NextLease(leaseDuration, bytes))
          .map(result -> {
            List<CompletedAttempt> retried =
                result.deferred().stream().filter(this::isStillLeased).toList();
            notifyObserver(batch, result, retried);
            sendLoop.onCompleted(bucket, result, leasedAt);
            return retried;
          });
    } finally {
      queue.releaseBytes(bytes);
    }
  }

  /// @return what the batch changed: nothing if the store was unavailable for too long; absent if
  ///   the batch cannot be stored
  private Optional<BatchResult> store(
      Bucket bucket, List<CompletedAttempt> batch, NextLease nextLease) {
    long startedAt = sendLoop.nanoTime();
    while (true) {
      try {
        return Optional.of(
            bucket.inTransaction(unit ->
                new CompletionTransaction(unit, config.pausePolicy(), operationalEvents)
                    .complete(batch, nextLease)));
      } catch (StoreBusyException ignored) {
        return batch.size() == 1 ? Optional.of(BatchResult.unchanged(batch)) : Optional.empty();
      } catch (StoreUnavailableException e) {
        reportError(batch, e);
        if (sendLoop.nanoTime() - startedAt > maxRetryNanos()) {
          return Optional.of(BatchResult.unchanged(List.of()));
        }
        Pause.pause(RETRY_INTERVAL);
      } catch (RuntimeException e) {
        reportError(batch, e);
        return Optional.empty();
      }
    }
  }

  private boolean isStillLeased(CompletedAttempt attempt) {
    return sendLoop.nanoTime() - attempt.endedAtNanos() <= maxRetryNanos();
  }

  private long maxRetryNanos() {
    return (queue.isClosed() ? MAX_RETRY_TIME_WHEN_STOPPING : config.leaseDuration()).toNanos();
  }

  private void notifyObserver(
      List<CompletedAttempt> batch, BatchResult result, List<CompletedAttempt> retried) {
    for (CompletedAttempt one : batch) {
      if (result.applied().contains(one.lease().delivery())) {
        observer.onAttempt(one.leased(), one.attempt(), one.disposition());
      } else if (!retried.contains(one)) {
        observer.onLeaseLost(one.leased(), one.attempt());
      }
    }
    if (result.omittedEvents() > 0) {
      observer.onEventsOmitted(result.omittedEvents());
    }
    result
        .webhookChanges()
        .forEach(change -> observer.reportHealthChange(change.before(), change.after()));
  }

  private void addLater(Bucket bucket, List<CompletedAttempt> deferred) {
    try {
      executor.execute(() -> {
        Pause.pause(DEFERRED_DELAY);
        deferred.forEach(attempt -> add(bucket, attempt));
      });
    } catch (RejectedExecutionException e) {
      abandon(deferred, e);
    }
  }

  private void abandon(List<CompletedAttempt> attempts, RejectedExecutionException cause) {
    reportError(attempts, cause);
    sendLoop.onAttemptsOver(leased(attempts.stream()));
  }

  private void reportError(List<CompletedAttempt> attempts, RuntimeException failure) {
    observer.onError("completing " + attempts.size() + " attempts", failure);
  }

  private static List<LeasedDelivery> leased(Stream<CompletedAttempt> attempts) {
    return attempts.map(CompletedAttempt::leased).toList();
  }
}
