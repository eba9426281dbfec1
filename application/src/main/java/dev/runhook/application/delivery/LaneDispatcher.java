package dev.runhook.application.delivery;

import dev.runhook.application.batch.Combiner;
import dev.runhook.application.delivery.FairQueue.Waiting;
import dev.runhook.application.outbox.Intake;
import dev.runhook.application.spi.Claim;
import dev.runhook.application.spi.Lease;
import dev.runhook.application.spi.Parcel;
import dev.runhook.application.spi.Transactor;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.WebhookId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

final class LaneDispatcher implements Dispatcher, Intake {
  private static final int LARGEST_CLAIM = 500;
  private static final int LARGEST_SETTLEMENT = 500;
  private static final Duration BEFORE_DEFERRED = Duration.ofMillis(5);

  private final Transactor transactor;
  private final Sender sender;
  private final DispatchRules rules;
  private final Surroundings surroundings;
  private final FairQueue queue;
  private final Attempts attempts;
  private final Settler settler;
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
    this.attempts = new Attempts(sender, rules, surroundings);
    this.settler =
        new Settler(transactor, sender.observer(), rules, surroundings.ticker(), queue::isClosed);
    this.settlements = Combiner.using(surroundings.executor(), LARGEST_SETTLEMENT, this::settle);
  }

  @Override
  public Intake intake() {
    return this;
  }

  @Override
  public Round round() {
    int limit = Math.min(queue.free(), LARGEST_CLAIM);
    if (limit == 0) {
      queue.rememberWhatIsFull();
      return new Round(0, false, Optional.empty());
    }
    long claimedAt = tick();
    Claim claim =
        new Claim(rules.lease(), limit, 2 * rules.maxInFlightPerWebhook(), queue.heldByWebhook());
    List<Parcel> parcels = transactor.inTransaction(unit -> unit.deliveries().claimDue(claim));
    parcels.forEach(parcel -> queue.add(waiting(parcel, claimedAt)));
    queue.rememberWhatIsFull();
    pump();
    boolean full = parcels.size() == limit;
    return new Round(
        parcels.size(), full, full ? Optional.empty() : untilNextDue(parcels.isEmpty()));
  }

  /// What is due and was not taken is of webhooks that are full here: room wakes the loop then, and
  /// asking again at once is in vain.
  private Optional<Duration> untilNextDue(boolean nothingTaken) {
    return transactor
        .inTransaction(unit -> unit.deliveries().untilNextDue())
        .filter(wait -> wait.isPositive() || !nothingTaken);
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
  public long tick() {
    return surroundings.ticker().getAsLong();
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
  public void accept(Collection<Parcel> parcels, long leasedAt) {
    parcels.forEach(parcel -> queue.addReserved(waiting(parcel, leasedAt)));
    pump();
  }

  @Override
  public void wake() {
    if (woken.availablePermits() == 0) {
      woken.release();
    }
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

  /// Starts whatever can be started; calls that come meanwhile are served by the one that is at it,
  /// so an executor that runs tasks in place does not nest.
  private void pump() {
    if (pumping.getAndIncrement() > 0) {
      return;
    }
    List<Waiting> unsent = new ArrayList<>();
    int served;
    do {
      served = pumping.get();
      for (Optional<Waiting> next = queue.take(); next.isPresent(); next = queue.take()) {
        if (!start(next.get())) {
          unsent.add(next.get());
        }
      }
    } while (pumping.addAndGet(-served) > 0);
    if (queue.isClosed()) {
      unsent.addAll(queue.close());
    }
    release(unsent);
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
    queue.ended(waiting.webhook(), false);
    forget(waiting.webhook());
    return false;
  }

  private void send(Parcel parcel) {
    Sent sent = attempts.make(parcel);
    queue.ended(sent.webhook(), sent.attempt().outcome().isDelivered());
    settleSoon(sent);
    pump();
  }

  private void settleSoon(Sent sent) {
    try {
      settlements.add(sent);
    } catch (RejectedExecutionException e) {
      sender.observer().troubled("settling delivery " + sent.delivery(), e);
      forget(sent.webhook());
    }
  }

  /// It is settled, or never will be from here.
  private void forget(WebhookId webhook) {
    if (queue.settled(webhook)) {
      wake();
    }
    outstanding.end();
  }

  private void settle(List<Sent> batch) {
    Optional<Duration> lease = queue.isClosed() ? Optional.empty() : Optional.of(rules.lease());
    long leasedAt = tick();
    Optional<Settling.Result> result = settler.settle(batch, lease);
    result.ifPresent(settled -> goOn(settled, leasedAt));
    List<Sent> deferred = result.map(Settling.Result::deferred).orElse(List.of());
    List<Sent> again = deferred.stream().filter(settler::isWorthWhile).toList();
    batch.stream().filter(sent -> !again.contains(sent)).forEach(sent -> forget(sent.webhook()));
    if (!again.isEmpty()) {
      settleLater(again);
    }
  }

  private void settleLater(List<Sent> deferred) {
    try {
      surroundings
          .executor()
          .execute(() -> {
            LockSupport.parkNanos(BEFORE_DEFERRED.toNanos());
            deferred.forEach(this::settleSoon);
          });
    } catch (RejectedExecutionException e) {
      sender.observer().troubled("settling " + deferred.size() + " deliveries", e);
      deferred.forEach(sent -> forget(sent.webhook()));
    }
  }

  private void goOn(Settling.Result result, long leasedAt) {
    result.next().forEach(parcel -> queue.add(waiting(parcel, leasedAt)));
    result.changes().forEach(this::follow);
    pump();
  }

  /// What waits in memory was taken when the webhook was in another mood: it goes back, to be
  /// claimed as the new one allows.
  private void follow(Settling.HealthChange change) {
    WebhookId webhook = change.after().id();
    boolean well = change.after().health() instanceof Health.Active;
    if (!well) {
      release(queue.drop(webhook));
    } else if (!(change.before().health() instanceof Health.Active)) {
      queue.rampUp(webhook);
      wake();
    }
  }

  private void release(List<Waiting> unsent) {
    if (unsent.isEmpty()) {
      return;
    }
    List<Lease> leases = unsent.stream().map(waiting -> waiting.parcel().lease()).toList();
    try {
      transactor.run(unit -> unit.deliveries().release(leases));
    } catch (RuntimeException e) { // they come back when their leases end
      sender.observer().troubled("giving back " + leases.size() + " deliveries", e);
    }
  }
}
