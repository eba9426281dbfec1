package dev.runhook.application.dispatch;

import dev.runhook.application.dispatch.CompletionTransaction.BatchResult;
import dev.runhook.application.dispatch.CompletionTransaction.WebhookChange;
import dev.runhook.application.dispatch.FairQueue.QueuedDelivery;
import dev.runhook.application.spi.LeasedDelivery;
import dev.runhook.application.spi.Transactor;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.webhook.WebhookId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/// Takes deliveries from the queue, runs their attempts, and passes these to be completed. The
/// deliveries that a completion promotes go into the queue again. Thread-safe.
final class SendLoop implements CompletionQueue.CompletionListener {
  private final FairQueue queue;
  private final WakeSignal wakeSignal;
  private final DispatchConfig config;
  private final Dispatcher.DeliveryTransport transport;
  private final Dispatcher.DispatchContext context;
  private final AttemptRunner attemptRunner;
  private final LeaseReleaser leaseReleaser;
  private final CompletionQueue completionQueue;
  private final InFlight inFlight = new InFlight();
  private final AtomicInteger pendingRuns = new AtomicInteger();

  /// @param wakeSignal is sent when more deliveries should be claimed
  SendLoop(
      Transactor transactor,
      Dispatcher.DeliveryTransport transport,
      DispatchConfig config,
      Dispatcher.DispatchContext context,
      WakeSignal wakeSignal) {
    this.transport = transport;
    this.config = config;
    this.context = context;
    this.wakeSignal = wakeSignal;
    this.queue = new FairQueue(config.maxInFlight(), config.maxInFlightPerWebhook());
    this.attemptRunner = new AttemptRunner(transport, config, context);
    this.leaseReleaser = new LeaseReleaser(queue, transactor, transport.observer());
    AttemptCompleter completer =
        new AttemptCompleter(
            transactor, transport.observer(), config, context.ticker(), queue::isClosed);
    this.completionQueue =
        new CompletionQueue(
            completer, context.executor(), transport.observer(), this, config.maxInFlight());
  }

  FairQueue queue() {
    return queue;
  }

  /// Queues claimed deliveries.
  ///
  /// @param leasedAt a value of [#nanoTime] from before the leases began
  void add(Collection<LeasedDelivery> deliveries, long leasedAt) {
    deliveries.forEach(delivery -> queue.add(queued(delivery, leasedAt)));
  }

  /// Queues deliveries that have reserved slots.
  void addReserved(Collection<LeasedDelivery> deliveries, long leasedAt) {
    deliveries.forEach(delivery -> queue.addReserved(queued(delivery, leasedAt)));
  }

  /// Starts a run of this loop on the executor. Calls during a run prolong that run instead. A run
  /// may last as long as attempts keep finishing, so it must not use the thread of a caller who
  /// waits. If the executor runs tasks on the calling thread, runs do not nest.
  void schedule() {
    if (pendingRuns.getAndIncrement() > 0) {
      return;
    }
    try {
      context.executor().execute(this::run);
    } catch (RejectedExecutionException e) {
      if (!queue.isClosed()) { // after a stop, the executor may end before the last call
        transport.observer().onError("starting deliveries", e);
      }
      run(); // fails to start the deliveries, and releases them
    }
  }

  private void run() {
    List<QueuedDelivery> unsent = new ArrayList<>();
    int served;
    do {
      served = pendingRuns.get();
      for (Optional<QueuedDelivery> next = queue.takeNext();
          next.isPresent();
          next = queue.takeNext()) {
        if (!start(next.get())) {
          unsent.add(next.get());
        }
      }
    } while (pendingRuns.addAndGet(-served) > 0);
    if (queue.isClosed()) {
      unsent.addAll(queue.close());
    }
    leaseReleaser.release(unsent);
  }

  /// Starts no further attempts, and waits for those in flight.
  ///
  /// @return false if the timeout ended first
  boolean stop(Duration timeout) throws InterruptedException {
    leaseReleaser.closeQueue();
    return inFlight.awaitNone(timeout);
  }

  @Override
  public Optional<Duration> nextLeaseDuration() {
    return queue.isClosed() ? Optional.empty() : Optional.of(config.leaseDuration());
  }

  @Override
  public long nanoTime() {
    return context.ticker().getAsLong();
  }

  @Override
  public void onCompleted(BatchResult result, long leasedAt) {
    add(result.leasedNext(), leasedAt);
    for (WebhookChange change : result.webhookChanges()) {
      if (leaseReleaser.afterHealthChange(change)) {
        wakeSignal.wake();
      }
    }
  }

  @Override
  public void onAttemptsOver(List<WebhookId> webhooks) {
    webhooks.forEach(this::onAttemptOver);
    schedule();
  }

  private void onAttemptOver(WebhookId webhook) {
    if (queue.attemptCompleted(webhook)) {
      wakeSignal.wake();
    }
    inFlight.decrement();
  }

  private QueuedDelivery queued(LeasedDelivery delivery, long leasedAt) {
    Duration maxWait =
        config
            .leaseDuration()
            .minus(config.timeoutOf(delivery.webhook()))
            .minus(DispatchConfig.LEASE_MARGIN.dividedBy(2));
    return new QueuedDelivery(delivery, leasedAt + maxWait.toNanos());
  }

  /// @return false if it is too late to start the attempt, or the executor rejects it
  private boolean start(QueuedDelivery delivery) {
    inFlight.increment();
    try {
      if (nanoTime() - delivery.startBefore() <= 0) {
        context.executor().execute(() -> send(delivery.leased()));
        return true;
      }
    } catch (RejectedExecutionException e) {
      transport.observer().onError("starting delivery " + delivery.leased().lease().delivery(), e);
    }
    queue.attemptAbandoned(delivery.webhookId());
    onAttemptOver(delivery.webhookId());
    return false;
  }

  private void send(LeasedDelivery delivery) {
    AttemptResult result = attemptRunner.run(delivery);
    if (result.attempt().outcome() instanceof Outcome.InternalFailure) {
      queue.attemptAbandoned(result.webhookId());
    } else {
      queue.attemptEnded(result.webhookId(), result.isDelivered());
    }
    completionQueue.add(result);
    if (pendingRuns.getAndIncrement() == 0) {
      run(); // no caller waits for this thread
    }
  }
}
