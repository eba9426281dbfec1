package dev.runhook.application.delivery;

import dev.runhook.application.outbox.Intake;
import dev.runhook.application.spi.Claim;
import dev.runhook.application.spi.Parcel;
import dev.runhook.application.spi.Transactor;
import dev.runhook.domain.webhook.WebhookId;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

final class LaneDispatcher implements Dispatcher, Intake {
  private static final int LARGEST_CLAIM = 500;

  private final Transactor transactor;
  private final DispatchRules rules;
  private final WakeUp wakeUp = new WakeUp();
  private final Pump pump;
  private final FairQueue queue;

  LaneDispatcher(
      Transactor transactor, Sender sender, DispatchRules rules, Surroundings surroundings) {
    this.transactor = transactor;
    this.rules = rules;
    this.pump = new Pump(transactor, sender, rules, surroundings, wakeUp);
    this.queue = pump.queue();
  }

  @Override
  public Intake intake() {
    return this;
  }

  @Override
  public Round round() {
    int limit = Math.min(queue.freeFor(Reputation.UNCERTAIN), LARGEST_CLAIM);
    if (limit == 0) {
      queue.rememberWhatIsFull();
      return new Round(0, false, Optional.empty());
    }
    long claimedAt = tick();
    Claim claim = claim(limit);
    List<Parcel> parcels = transactor.inTransaction(unit -> unit.deliveries().claimDue(claim));
    pump.add(parcels, claimedAt);
    queue.rememberWhatIsFull();
    pump.run();
    boolean full = parcels.size() == limit;
    return new Round(
        parcels.size(), full, full ? Optional.empty() : untilNextDue(parcels.isEmpty()));
  }

  private Claim claim(int limit) {
    int failing = Math.min(queue.freeFor(Reputation.FAILING), limit);
    int perWebhook = 2 * rules.maxInFlightPerWebhook();
    return new Claim(rules.lease(), limit, failing, perWebhook, queue.heldByWebhook());
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
    wakeUp.await(atMost);
  }

  @Override
  public boolean stop(Duration patience) throws InterruptedException {
    wake();
    return pump.stop(patience);
  }

  @Override
  public Duration lease() {
    return rules.lease();
  }

  @Override
  public long tick() {
    return pump.tick();
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
    pump.addReserved(parcels, leasedAt);
    pump.run();
  }

  @Override
  public void wake() {
    wakeUp.call();
  }
}
