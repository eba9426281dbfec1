package dev.runhook.application.dispatch;

import dev.runhook.application.batch.Batcher;
import dev.runhook.application.batch.Pause;
import dev.runhook.application.dispatch.CompletionTransaction.BatchResult;
import dev.runhook.application.spi.DispatchObserver;
import dev.runhook.domain.webhook.WebhookId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Stream;

/// Completes attempts in batches. Attempts that finish while a batch is being stored go into the
/// next one. Deferred attempts are tried again while their leases may be valid. Each attempt is
/// reported to the listener exactly once as over, whether or not it could be stored. Thread-safe.
final class CompletionQueue {
  private static final int MAX_BATCH_SIZE = 500;

  /// Under load, a larger batch is worth the delay of results and of the next deliveries.
  private static final Duration LINGER = Duration.ofMillis(10);

  private static final Duration DEFERRED_DELAY = Duration.ofMillis(5);

  private final AttemptCompleter completer;
  private final Executor executor;
  private final DispatchObserver observer;
  private final CompletionListener listener;
  private final Batcher<AttemptResult> batcher;

  /// @param maxInFlight the maximum number of attempts that are started and not over
  CompletionQueue(
      AttemptCompleter completer,
      Executor executor,
      DispatchObserver observer,
      CompletionListener listener,
      int maxInFlight) {
    this.completer = completer;
    this.executor = executor;
    this.observer = observer;
    this.listener = listener;
    this.batcher = new Batcher<>(executor, batchPolicy(maxInFlight), this::complete);
  }

  /// Limits a batch to a quarter of the attempts in flight. A batch then never lingers for a size
  /// that it cannot reach, and sending continues while two batches are being stored.
  static Batcher.Policy batchPolicy(int maxInFlight) {
    return new Batcher.Policy(Math.clamp(maxInFlight / 4, 1, MAX_BATCH_SIZE), LINGER, 2, 2);
  }

  interface CompletionListener {
    /// Returns how long to lease the next deliveries of the lanes; absent to lease none.
    Optional<Duration> nextLeaseDuration();

    long nanoTime();

    /// Called after a batch is stored, and before [#onAttemptsOver] for its attempts.
    ///
    /// @param leasedAt a value of [#nanoTime] from before the new leases began
    void onCompleted(BatchResult result, long leasedAt);

    /// Called when attempts for these webhooks are over, which frees their slots.
    void onAttemptsOver(List<WebhookId> webhooks);
  }

  void add(AttemptResult attempt) {
    try {
      batcher.add(attempt);
    } catch (RejectedExecutionException e) {
      abandon(List.of(attempt), e);
    }
  }

  private void complete(List<AttemptResult> batch) {
    long leasedAt = listener.nanoTime();
    Optional<BatchResult> result = completer.complete(batch, listener.nextLeaseDuration());
    result.ifPresent(completed -> listener.onCompleted(completed, leasedAt));
    List<AttemptResult> retried =
        result.map(BatchResult::deferred).orElse(List.of()).stream()
            .filter(completer::isWorthRetrying)
            .toList();
    listener.onAttemptsOver(
        webhookIds(batch.stream().filter(attempt -> !retried.contains(attempt))));
    if (!retried.isEmpty()) {
      addLater(retried);
    }
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
    listener.onAttemptsOver(webhookIds(attempts.stream()));
  }

  private static List<WebhookId> webhookIds(Stream<AttemptResult> attempts) {
    return attempts.map(AttemptResult::webhookId).toList();
  }
}
