package dev.runhook.application.delivery;

import dev.runhook.application.batch.Combiner;
import dev.runhook.application.delivery.FairQueue.Waiting;
import dev.runhook.application.outbox.Intake;
import dev.runhook.application.spi.Claim;
import dev.runhook.application.spi.Lease;
import dev.runhook.application.spi.Parcel;
import dev.runhook.application.spi.Transactor;
import dev.runhook.domain.delivery.Attempt;
import dev.runhook.domain.delivery.Fate;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.WebhookId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

final class LaneDispatcher implements Dispatcher, Intake {
  private static final int LARGEST_CLAIM = 500;
  private static final int LARGEST_SETTLEMENT = 500;

  private final Transactor transactor;
  private final Sender sender;
  private final DispatchRules rules;
  private final Surroundings surroundings;
  private final FairQueue queue;
  private final Outstanding outstanding = new Outstanding();
  private final Combiner<Sent> settlements;
  private final AtomicInteger pumping = new AtomicInteger();
  private final Semaphore woken = new Semaphore(0);

  LaneDispatcher(
      Transactor transactor, Sender sender, DispatchRules rules, Surroundings surroundings) {
    this.transactor = transactor;
    this.sender = sender;
    this.rules = rules;
    this.surroundings = surroundings;
    this.queue = new FairQueue(rules.maxInFlight(), rules.maxInFlightPerWebhook());
    Settler settler = new Settler(transactor, sender.observer(), rules, surroundings.ticker());
    this.settlements =
        Combiner.using(
            surroundings.executor(), LARGEST_SETTLEMENT, batch -> settled(batch, settler));
  }

  @Override
  public Intake intake() {
    return this;
  }

  @Override
  public Round round() {
    int limit = Math.min(queue.free(), LARGEST_CLAIM);
    if (limit == 0) {
      return new Round(0, false, Optional.empty());
    }
    long claimedAt = surroundings.ticker().getAsLong();
    Claim claim =
        new Claim(rules.lease(), limit, 2 * rules.maxInFlightPerWebhook(), queue.heldByWebhook());
    List<Parcel> parcels = transactor.inTransaction(unit -> unit.deliveries().claimDue(claim));
    parcels.forEach(parcel -> queue.add(new Waiting(parcel, latestBegin(claimedAt))));
    pump();
    boolean full = parcels.size() == limit;
    return new Round(
        parcels.size(),
        full,
        full
            ? Optional.empty()
            : transactor.inTransaction(unit -> unit.deliveries().untilNextDue()));
  }

  @Override
  public void awaitWork(Duration atMost) throws InterruptedException {
    if (woken.tryAcquire(atMost.toNanos(), TimeUnit.NANOSECONDS)) {
      woken.drainPermits();
    }
  }

  @Override
  public boolean stop(Duration patience) throws InterruptedException {
    release(queue.close());
    wake();
    return outstanding.awaitNone(patience);
  }

  @Override
  public Duration lease() {
    return rules.lease();
  }

  @Override
  public boolean reserve(WebhookId webhook) {
    return queue.reserve(webhook);
  }

  @Override
  public void giveBack(WebhookId webhook) {
    queue.giveBack(webhook);
  }

  @Override
  public void accept(Collection<Parcel> parcels) {
    long begin = latestBegin(surroundings.ticker().getAsLong());
    parcels.forEach(parcel -> queue.addReserved(new Waiting(parcel, begin)));
    if (queue.isClosed()) {
      release(queue.close());
    }
    pump();
  }

  @Override
  public void wake() {
    if (woken.availablePermits() == 0) {
      woken.release();
    }
  }

  /// The tick after which an attempt could outlast the lease that was taken before the given tick.
  private long latestBegin(long leasedAt) {
    return leasedAt
        + rules.lease().minus(rules.timeout()).minus(DispatchRules.MARGIN.dividedBy(2)).toNanos();
  }

  /// Starts whatever can be started; calls that come meanwhile are served by the one that is at it,
  /// so an executor that runs tasks in place does not nest.
  private void pump() {
    if (pumping.getAndIncrement() > 0) {
      return;
    }
    int served;
    do {
      served = pumping.get();
      for (Optional<Waiting> next = queue.take(); next.isPresent(); next = queue.take()) {
        start(next.get());
      }
    } while (pumping.addAndGet(-served) > 0);
  }

  private void start(Waiting waiting) {
    if (surroundings.ticker().getAsLong() - waiting.beginBefore() > 0) {
      ended(waiting.webhook(), false);
      release(List.of(waiting));
      return;
    }
    outstanding.begin();
    surroundings.executor().execute(() -> send(waiting.parcel()));
  }

  private void send(Parcel parcel) {
    Attempt attempt = attempt(parcel);
    Fate fate =
        rules.schedule().after(parcel.lease().failures(), attempt.outcome(), surroundings.random());
    settlements.add(new Sent(parcel, attempt, fate));
    ended(parcel.webhook().id(), attempt.outcome().isDelivered());
    pump();
  }

  private Attempt attempt(Parcel parcel) {
    Instant startedAt = surroundings.clock().instant();
    long begin = surroundings.ticker().getAsLong();
    Outcome outcome = post(parcel, startedAt);
    Duration took = Duration.ofNanos(surroundings.ticker().getAsLong() - begin);
    return new Attempt(parcel.lease().attempt(), startedAt, took, outcome);
  }

  private Outcome post(Parcel parcel, Instant startedAt) {
    try {
      return sender.transport().post(sender.requests().request(parcel, startedAt));
    } catch (
        RuntimeException bug) { // ours, not the receiver's: it must use up an attempt and be seen
      sender.observer().troubled("sending delivery " + parcel.lease().delivery(), bug);
      return new Outcome.Faulted("Runhook failed to send this: " + bug.getClass().getSimpleName());
    }
  }

  private void ended(WebhookId webhook, boolean delivered) {
    if (queue.ended(webhook, delivered)) {
      wake();
    }
  }

  private void settled(List<Sent> batch, Settler settler) {
    try {
      Optional<Duration> lease = queue.isClosed() ? Optional.empty() : Optional.of(rules.lease());
      long leasedAt = surroundings.ticker().getAsLong();
      settler.settle(batch, lease).ifPresent(result -> goOn(result, leasedAt));
    } finally {
      outstanding.end(batch.size());
    }
  }

  private void goOn(Settling.Result result, long leasedAt) {
    result.next().forEach(parcel -> queue.add(new Waiting(parcel, latestBegin(leasedAt))));
    for (Settling.HealthChange change : result.changes()) {
      follow(change);
    }
    if (queue.isClosed()) {
      release(queue.close());
    }
    pump();
  }

  /// What waits in memory was taken when the webhook was in another mood: it goes back, to be
  /// claimed as the new one allows.
  private void follow(Settling.HealthChange change) {
    WebhookId webhook = change.after().id();
    boolean recovered =
        !(change.before().health() instanceof Health.Active)
            && change.after().health() instanceof Health.Active;
    if (recovered) {
      queue.rampUp(webhook);
    } else if (!(change.after().health() instanceof Health.Active)) {
      release(queue.drop(webhook));
    }
    wake();
  }

  private void release(List<Waiting> unsent) {
    if (unsent.isEmpty()) {
      return;
    }
    List<Lease> leases = new ArrayList<>();
    unsent.forEach(waiting -> leases.add(waiting.parcel().lease()));
    try {
      transactor.run(unit -> unit.deliveries().release(leases));
    } catch (RuntimeException e) { // they come back when their leases end
      sender.observer().troubled("giving back " + leases.size() + " deliveries", e);
    }
  }
}
