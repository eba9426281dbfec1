package dev.runhook.application.delivery;

import dev.runhook.application.delivery.FairQueue.Waiting;
import dev.runhook.application.spi.Parcel;
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
final class Pump implements Settlements.Follower {
  private final FairQueue queue;
  private final WakeUp wakeUp;
  private final DispatchRules rules;
  private final Dispatcher.Sender sender;
  private final Dispatcher.Surroundings surroundings;
  private final Attempts attempts;
  private final Returns returns;
  private final Settlements settlements;
  private final Outstanding outstanding = new Outstanding();
  private final AtomicInteger calls = new AtomicInteger();

  /// @param wakeUp is called when the store should be asked for more
  Pump(
      Transactor transactor,
      Dispatcher.Sender sender,
      DispatchRules rules,
      Dispatcher.Surroundings surroundings,
      WakeUp wakeUp) {
    this.sender = sender;
    this.rules = rules;
    this.surroundings = surroundings;
    this.wakeUp = wakeUp;
    this.queue = new FairQueue(rules.maxInFlight(), rules.maxInFlightPerWebhook());
    this.attempts = new Attempts(sender, rules, surroundings);
    this.returns = new Returns(queue, transactor, sender.observer());
    Settler settler =
        new Settler(transactor, sender.observer(), rules, surroundings.ticker(), queue::isClosed);
    this.settlements =
        new Settlements(
            settler, surroundings.executor(), sender.observer(), this, rules.maxInFlight());
  }

  FairQueue queue() {
    return queue;
  }

  /// Puts parcels into the queue that were taken from the store.
  ///
  /// @param leasedAt a tick from before their leases began
  void add(Collection<Parcel> parcels, long leasedAt) {
    parcels.forEach(parcel -> queue.add(waiting(parcel, leasedAt)));
  }

  /// As [#add], for parcels that have places reserved.
  void addReserved(Collection<Parcel> parcels, long leasedAt) {
    parcels.forEach(parcel -> queue.addReserved(waiting(parcel, leasedAt)));
  }

  /// Has the executor start whatever can be started. Calls that come meanwhile are served by the
  /// one that is at it, which may go on for as long as attempts end, so whoever has a caller that
  /// waits must not be the one; and an executor that runs tasks in place does not nest.
  void run() {
    if (calls.getAndIncrement() > 0) {
      return;
    }
    try {
      surroundings.executor().execute(this::serve);
    } catch (RejectedExecutionException e) {
      sender.observer().troubled("starting deliveries", e);
      serve(); // which finds that nothing can be started, and lets go of it
    }
  }

  private void serve() {
    List<Waiting> unsent = new ArrayList<>();
    int served;
    do {
      served = calls.get();
      for (Optional<Waiting> next = queue.take(); next.isPresent(); next = queue.take()) {
        if (!start(next.get())) {
          unsent.add(next.get());
        }
      }
    } while (calls.addAndGet(-served) > 0);
    if (queue.isClosed()) {
      unsent.addAll(queue.close());
    }
    returns.release(unsent);
  }

  /// Starts nothing more, and waits for what is under way; whether it is settled in time.
  boolean stop(Duration patience) throws InterruptedException {
    returns.stop();
    return outstanding.awaitNone(patience);
  }

  @Override
  public Optional<Duration> leaseForNext() {
    return queue.isClosed() ? Optional.empty() : Optional.of(rules.lease());
  }

  @Override
  public long tick() {
    return surroundings.ticker().getAsLong();
  }

  @Override
  public void settled(Settling.Result result, long leasedAt) {
    add(result.next(), leasedAt);
    for (Settling.HealthChange change : result.changes()) {
      if (returns.after(change)) {
        wakeUp.call();
      }
    }
  }

  @Override
  public void over(List<WebhookId> webhooks) {
    webhooks.forEach(this::isOver);
    run();
  }

  private void isOver(WebhookId webhook) {
    if (queue.settled(webhook)) {
      wakeUp.call();
    }
    outstanding.end();
  }

  /// With the tick after which its attempt could outlast the lease that was taken before the given
  /// tick.
  private Waiting waiting(Parcel parcel, long leasedAt) {
    Duration mayWait =
        rules
            .lease()
            .minus(rules.timeoutOf(parcel.webhook()))
            .minus(DispatchRules.MARGIN.dividedBy(2));
    return new Waiting(parcel, leasedAt + mayWait.toNanos());
  }

  /// Whether the attempt was begun; it is not when that is too late, or nobody would run it.
  private boolean start(Waiting waiting) {
    outstanding.begin();
    try {
      if (tick() - waiting.beginBefore() <= 0) {
        surroundings.executor().execute(() -> send(waiting.parcel()));
        return true;
      }
    } catch (RejectedExecutionException e) {
      sender.observer().troubled("starting delivery " + waiting.parcel().lease().delivery(), e);
    }
    queue.abandoned(waiting.webhook());
    isOver(waiting.webhook());
    return false;
  }

  private void send(Parcel parcel) {
    Sent sent = attempts.make(parcel);
    if (sent.attempt().outcome() instanceof Outcome.Faulted) {
      queue.abandoned(sent.webhook());
    } else {
      queue.ended(sent.webhook(), sent.attempt().outcome().isDelivered());
    }
    settlements.add(sent);
    if (calls.getAndIncrement() == 0) {
      serve(); // nobody waits for this one
    }
  }
}
