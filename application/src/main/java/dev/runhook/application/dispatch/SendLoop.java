package dev.runhook.application.dispatch;

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

/// Moves parcels out of the queue, through their attempts, to be settled; what that frees goes into
/// the queue again. Thread-safe.
final class SendLoop implements CompletionQueue.CompletionListener {
  private final FairQueue queue;
  private final WakeSignal wakeSignal;
  private final DispatchConfig rules;
  private final Dispatcher.DeliveryTransport deliveryTransport;
  private final Dispatcher.DispatchContext dispatchContext;
  private final AttemptRunner attemptRunner;
  private final LeaseReleaser leaseReleaser;
  private final CompletionQueue completionQueue;
  private final InFlight inFlight = new InFlight();
  private final AtomicInteger calls = new AtomicInteger();

  /// @param wakeUp is called when the store should be asked for more
  SendLoop(
      Transactor transactor,
      Dispatcher.DeliveryTransport sender,
      DispatchConfig rules,
      Dispatcher.DispatchContext surroundings,
      WakeSignal wakeUp) {
    this.deliveryTransport = sender;
    this.rules = rules;
    this.dispatchContext = surroundings;
    this.wakeSignal = wakeUp;
    this.queue = new FairQueue(rules.maxInFlight(), rules.maxInFlightPerWebhook());
    this.attemptRunner = new AttemptRunner(sender, rules, surroundings);
    this.leaseReleaser = new LeaseReleaser(queue, transactor, sender.observer());
    AttemptCompleter attemptCompleter =
        new AttemptCompleter(
            transactor, sender.observer(), rules, surroundings.ticker(), queue::isClosed);
    this.completionQueue =
        new CompletionQueue(
            attemptCompleter,
            surroundings.executor(),
            sender.observer(),
            this,
            rules.maxInFlight());
  }

  FairQueue queue() {
    return queue;
  }

  /// Puts parcels into the queue that were taken from the store.
  ///
  /// @param leasedAt a tick from before their leases began
  void add(Collection<LeasedDelivery> parcels, long leasedAt) {
    parcels.forEach(leasedDelivery -> queue.add(waiting(leasedDelivery, leasedAt)));
  }

  /// As [#add], for parcels that have places reserved.
  void addReserved(Collection<LeasedDelivery> parcels, long leasedAt) {
    parcels.forEach(leasedDelivery -> queue.addReserved(waiting(leasedDelivery, leasedAt)));
  }

  /// Has the executor start whatever can be started. Calls that come meanwhile are served by the
  /// one that is at it, which may go on for as long as attempts end, so whoever has a caller that
  /// waits must not be the one; and an executor that runs tasks in place does not nest.
  void schedule() {
    if (calls.getAndIncrement() > 0) {
      return;
    }
    try {
      dispatchContext.executor().execute(this::serve);
    } catch (RejectedExecutionException e) {
      deliveryTransport.observer().onError("starting deliveries", e);
      serve(); // which finds that nothing can be started, and lets go of it
    }
  }

  private void serve() {
    List<QueuedDelivery> unsent = new ArrayList<>();
    int served;
    do {
      served = calls.get();
      for (Optional<QueuedDelivery> next = queue.takeNext();
          next.isPresent();
          next = queue.takeNext()) {
        if (!start(next.get())) {
          unsent.add(next.get());
        }
      }
    } while (calls.addAndGet(-served) > 0);
    if (queue.isClosed()) {
      unsent.addAll(queue.close());
    }
    leaseReleaser.release(unsent);
  }

  /// Starts nothing more, and waits for what is under way; whether it is settled in time.
  boolean stop(Duration patience) throws InterruptedException {
    leaseReleaser.closeQueue();
    return inFlight.awaitNone(patience);
  }

  @Override
  public Optional<Duration> nextLeaseDuration() {
    return queue.isClosed() ? Optional.empty() : Optional.of(rules.leaseDuration());
  }

  @Override
  public long nanoTime() {
    return dispatchContext.ticker().getAsLong();
  }

  @Override
  public void onCompleted(CompletionTransaction.BatchResult batchResult, long leasedAt) {
    add(batchResult.leasedNext(), leasedAt);
    for (CompletionTransaction.WebhookChange change : batchResult.webhookChanges()) {
      if (leaseReleaser.afterHealthChange(change)) {
        wakeSignal.wake();
      }
    }
  }

  @Override
  public void onAttemptsOver(List<WebhookId> webhooks) {
    webhooks.forEach(this::isOver);
    schedule();
  }

  private void isOver(WebhookId webhook) {
    if (queue.attemptCompleted(webhook)) {
      wakeSignal.wake();
    }
    inFlight.decrement();
  }

  /// With the tick after which its attempt could outlast the lease that was taken before the given
  /// tick.
  private QueuedDelivery waiting(LeasedDelivery leasedDelivery, long leasedAt) {
    Duration mayWait =
        rules
            .leaseDuration()
            .minus(rules.timeoutOf(leasedDelivery.webhook()))
            .minus(DispatchConfig.LEASE_MARGIN.dividedBy(2));
    return new QueuedDelivery(leasedDelivery, leasedAt + mayWait.toNanos());
  }

  /// Whether the attempt was begun; it is not when that is too late, or nobody would run it.
  private boolean start(QueuedDelivery queuedDelivery) {
    inFlight.increment();
    try {
      if (nanoTime() - queuedDelivery.startBefore() <= 0) {
        dispatchContext.executor().execute(() -> send(queuedDelivery.leased()));
        return true;
      }
    } catch (RejectedExecutionException e) {
      deliveryTransport
          .observer()
          .onError("starting delivery " + queuedDelivery.leased().lease().delivery(), e);
    }
    queue.attemptAbandoned(queuedDelivery.webhookId());
    isOver(queuedDelivery.webhookId());
    return false;
  }

  private void send(LeasedDelivery leasedDelivery) {
    AttemptResult attemptResult = attemptRunner.run(leasedDelivery);
    if (attemptResult.attempt().outcome() instanceof Outcome.InternalFailure) {
      queue.attemptAbandoned(attemptResult.webhookId());
    } else {
      queue.attemptEnded(
          attemptResult.webhookId(), attemptResult.attempt().outcome().isDelivered());
    }
    completionQueue.add(attemptResult);
    if (calls.getAndIncrement() == 0) {
      serve(); // nobody waits for this one
    }
  }
}
