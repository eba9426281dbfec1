package dev.runhook.application.dispatch;

import static java.util.stream.Collectors.groupingBy;

import dev.runhook.application.batch.FairBatcher;
import dev.runhook.application.batch.Pause;
import dev.runhook.application.dispatch.CompletionTransaction.BatchResult;
import dev.runhook.application.outbox.Moment;
import dev.runhook.application.outbox.OperationalEvents;
import dev.runhook.application.spi.Bucket;
import dev.runhook.application.spi.StoreUnavailableException;
import dev.runhook.application.spi.delivery.Deliveries.CompletedAttempt;
import dev.runhook.application.spi.delivery.DispatchObserver;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.delivery.Attempt;
import dev.runhook.domain.delivery.Disposition;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.webhook.WebhookId;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Completes attempts of the buckets of one server in batches. Attempts that finish while a batch
/// is being stored go into the next one. While the store is unavailable or locked as a whole, a
/// batch is retried until the leases expire. A batch never waits for a delivery or webhook that
/// another transaction has locked, so that one lock does not delay the others. These attempts are
/// deferred, and tried again while their leases may be valid. Each attempt is passed on exactly
/// once as over, whether or not it could be stored. Thread-safe.
final class AttemptCompleter {
  private static final int MAX_BATCH_SIZE = 500;

  /// Under load, a larger batch is worth the delay of results and of the next deliveries.
  private static final Duration LINGER = Duration.ofMillis(10);

  /// An account with more results has batches of its own, because the operational events of its
  /// webhooks can make them slow.
  private static final int MAX_SHARED = 8;

  private static final Duration DEFERRED_DELAY = Duration.ofMillis(5);
  private static final Duration RETRY_INTERVAL = Duration.ofMillis(200);
  private static final Duration MAX_RETRY_TIME_WHEN_STOPPING = Duration.ofSeconds(3);

  private final OperationalEvents operationalEvents;
  private final DispatchObserver observer;
  private final DispatchConfig config;
  private final DispatchContext context;
  private final Slots slots;
  private final Listener listener;
  private final FairBatcher<AccountId, Bucket, CompletedAttempt> batcher;

  AttemptCompleter(
      OperationalEvents operationalEvents,
      DispatchObserver observer,
      DispatchConfig config,
      DispatchContext context,
      Slots slots,
      Listener listener) {
    this.operationalEvents = operationalEvents;
    this.observer = observer;
    this.config = config;
    this.context = context;
    this.slots = slots;
    this.listener = listener;
    this.batcher =
        new FairBatcher<>(
            context.transactions(), batchPolicy(config.maxInFlight()), this::complete);
  }

  /// Receives what each batch has changed, once.
  interface Listener {
    /// @param over the attempts that need no further transaction, stored or not
    /// @param leasedAt a moment before the leases of the next deliveries began
    void onCompletion(
        Bucket bucket, List<CompletedAttempt> over, BatchResult result, Moment leasedAt);
  }

  /// Limits a batch to a quarter of the attempts in flight. A batch then never lingers for a size
  /// that it cannot reach, and sending continues while two batches are being stored.
  static FairBatcher.Policy batchPolicy(int maxInFlight) {
    return new FairBatcher.Policy(
        Math.clamp(maxInFlight / 4, 1, MAX_BATCH_SIZE), LINGER, MAX_SHARED, 2);
  }

  void add(Bucket bucket, CompletedAttempt attempt) {
    batcher.addAll(accountOf(attempt), bucket, List.of(attempt));
  }

  private static AccountId accountOf(CompletedAttempt attempt) {
    return attempt.leased().webhook().stack().account();
  }

  /// A batch that cannot be stored is divided, first by account and then into single attempts, so
  /// that one cannot cause the others to fail. The result of such an attempt is replaced, so that
  /// its delivery is not sent again and again.
  private void complete(Bucket bucket, List<CompletedAttempt> batch) {
    Moment leasedAt = context.now();
    BatchResult result;
    try {
      result = store(bucket, batch);
    } catch (RuntimeException | Error e) {
      reportError(batch, e);
      if (batch.size() > 1) {
        FairBatcher.divide(batch, AttemptCompleter::accountOf)
            .forEach(part -> complete(bucket, part));
      } else {
        completeWithoutResult(bucket, batch.getFirst(), e);
      }
      return;
    }
    finish(bucket, batch, result, leasedAt);
  }

  private void completeWithoutResult(Bucket bucket, CompletedAttempt attempt, Throwable cause) {
    Moment leasedAt = context.now();
    List<CompletedAttempt> replaced = List.of(withoutResult(attempt, cause));
    BatchResult result = BatchResult.unchanged();
    try {
      result = store(bucket, replaced);
    } catch (RuntimeException | Error e) { // the lease will end
      reportError(replaced, e);
    }
    finish(bucket, replaced, result, leasedAt);
  }

  private CompletedAttempt withoutResult(CompletedAttempt completed, Throwable cause) {
    Attempt attempt = completed.attempt();
    Outcome outcome =
        new Outcome.InternalFailure(
            "Runhook failed to store the result: " + cause.getClass().getSimpleName());
    return new CompletedAttempt(
        completed.leased(),
        new Attempt(attempt.number(), attempt.startedAt(), attempt.duration(), outcome),
        config.dispositionAfter(completed.leased(), attempt.startedAt(), outcome, context.random()),
        completed.leased().webhook().formatError(),
        completed.endedAtNanos());
  }

  private void finish(
      Bucket bucket, List<CompletedAttempt> batch, BatchResult result, Moment leasedAt) {
    List<CompletedAttempt> retried =
        result.deferred().stream().filter(this::isStillLeased).toList();
    List<CompletedAttempt> over = batch.stream().filter(one -> !retried.contains(one)).toList();
    try {
      notifyObserver(over, result);
    } finally {
      listener.onCompletion(bucket, over, result, leasedAt);
      retried.stream()
          .collect(groupingBy(AttemptCompleter::accountOf))
          .forEach(
              (account, ofAccount) -> batcher.addLater(DEFERRED_DELAY, account, bucket, ofAccount));
    }
  }

  /// @return what the batch changed: nothing if the store was unavailable for too long
  private BatchResult store(Bucket bucket, List<CompletedAttempt> batch) {
    Map<WebhookId, Integer> continuing = slotsToContinue(batch);
    long startedAt = context.ticker().getAsLong();
    while (true) {
      try {
        return bucket.inTransaction(unit ->
            new CompletionTransaction(unit, config, operationalEvents).complete(batch, continuing));
      } catch (StoreUnavailableException e) {
        reportError(batch, e);
        if (context.ticker().getAsLong() - startedAt > maxRetryNanos()) {
          return BatchResult.unchanged();
        }
        Pause.pause(RETRY_INTERVAL);
      }
    }
  }

  /// Counts the ended attempts of each webhook whose slots its next deliveries may use.
  private Map<WebhookId, Integer> slotsToContinue(List<CompletedAttempt> batch) {
    Map<WebhookId, Integer> counts = new HashMap<>();
    for (CompletedAttempt attempt : batch) {
      boolean isFinished = !(attempt.disposition() instanceof Disposition.Retry);
      if (isFinished && slots.mayContinue(attempt.leased())) {
        counts.merge(attempt.leased().webhook().id(), 1, Integer::sum);
      }
    }
    return counts;
  }

  private void notifyObserver(List<CompletedAttempt> over, BatchResult result) {
    for (CompletedAttempt one : over) {
      if (result.applied().contains(one.lease())) {
        observer.onAttempt(one.leased(), one.attempt(), one.disposition());
      } else {
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

  private boolean isStillLeased(CompletedAttempt attempt) {
    return context.ticker().getAsLong() - attempt.endedAtNanos() <= maxRetryNanos();
  }

  private long maxRetryNanos() {
    return (slots.isClosed() ? MAX_RETRY_TIME_WHEN_STOPPING : config.leaseDuration()).toNanos();
  }

  private void reportError(List<CompletedAttempt> attempts, Throwable failure) {
    observer.onError("completing " + attempts.size() + " attempts", failure);
  }
}
