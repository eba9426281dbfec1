package dev.runhook.application.dispatch;

import dev.runhook.application.batch.Batcher;
import dev.runhook.application.spi.DispatchObserver;
import dev.runhook.domain.webhook.WebhookId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/// Brings what was sent to be settled: what ends while a batch is written goes into the next, and
/// what was deferred comes again, as long as it is worth while. Whatever happens, each attempt is
/// told of once: it is settled, or never will be from here.
final class CompletionQueue {
  private static final int LARGEST = 500;

  /// A result that waits a little costs nobody anything; the next of its lane waits with it, but
  /// only while there is much to do.
  private static final Duration GATHERING = Duration.ofMillis(10);

  private static final Duration BEFORE_DEFERRED = Duration.ofMillis(5);

  private final AttemptCompleter attemptCompleter;
  private final Executor executor;
  private final DispatchObserver observer;
  private final CompletionListener completionListener;
  private final Batcher<AttemptResult> batchPolicy;

  /// @param places how many attempts are begun and not yet over, at most
  CompletionQueue(
      AttemptCompleter settler,
      Executor executor,
      DispatchObserver observer,
      CompletionListener follower,
      int places) {
    this.attemptCompleter = settler;
    this.executor = executor;
    this.observer = observer;
    this.completionListener = follower;
    this.batchPolicy = new Batcher<>(executor, batchPolicy(places), this::settle);
  }

  /// Batches of a quarter of what there can be: so none is waited for that cannot become as large,
  /// and while two are written the rest goes on.
  static Batcher.Policy batchPolicy(int places) {
    return new Batcher.Policy(Math.clamp(places / 4, 1, LARGEST), GATHERING, 2, 2);
  }

  /// Goes on from there.
  interface CompletionListener {
    /// How long what is freed is leased to us; absent where we take no more.
    Optional<Duration> nextLeaseDuration();

    /// This moment, in nanoseconds.
    long nanoTime();

    /// Takes over what was freed; it is begun with when its attempts are [#over].
    ///
    /// @param leasedAt a tick from before the leases of what was freed began
    void onCompleted(CompletionTransaction.BatchResult batchResult, long leasedAt);

    /// Attempts for those webhooks are over, which makes room for others.
    void onAttemptsOver(List<WebhookId> webhooks);
  }

  void add(AttemptResult attemptResult) {
    try {
      batchPolicy.add(attemptResult);
    } catch (RejectedExecutionException e) {
      forget(List.of(attemptResult), e);
    }
  }

  private void settle(List<AttemptResult> batch) {
    long leasedAt = completionListener.nanoTime();
    Optional<CompletionTransaction.BatchResult> result =
        attemptCompleter.complete(batch, completionListener.nextLeaseDuration());
    result.ifPresent(settled -> completionListener.onCompleted(settled, leasedAt));
    List<AttemptResult> deferred =
        result.map(CompletionTransaction.BatchResult::deferred).orElse(List.of());
    List<AttemptResult> again =
        deferred.stream().filter(attemptCompleter::isWorthRetrying).toList();
    completionListener.onAttemptsOver(
        webhooks(batch.stream().filter(attemptResult -> !again.contains(attemptResult))));
    if (!again.isEmpty()) {
      addLater(again);
    }
  }

  private void addLater(List<AttemptResult> deferred) {
    try {
      executor.execute(() -> {
        LockSupport.parkNanos(BEFORE_DEFERRED.toNanos());
        deferred.forEach(this::add);
      });
    } catch (RejectedExecutionException e) {
      forget(deferred, e);
    }
  }

  private void forget(List<AttemptResult> sent, RejectedExecutionException why) {
    observer.onError("settling " + sent.size() + " attempts", why);
    completionListener.onAttemptsOver(webhooks(sent.stream()));
  }

  private static List<WebhookId> webhooks(Stream<AttemptResult> sent) {
    return sent.map(AttemptResult::webhookId).toList();
  }
}
