package dev.runhook.application.dispatch;

import dev.runhook.application.outbox.DispatchHandoff;
import dev.runhook.application.spi.ClaimRequest;
import dev.runhook.application.spi.LeasedDelivery;
import dev.runhook.application.spi.Transactor;
import dev.runhook.domain.webhook.WebhookId;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

final class DeliveryDispatcher implements Dispatcher, DispatchHandoff {
  private static final int LARGEST_CLAIM = 500;

  private final Transactor transactor;
  private final DispatchConfig rules;
  private final WakeSignal wakeSignal = new WakeSignal();
  private final SendLoop sendLoop;
  private final FairQueue queue;

  DeliveryDispatcher(
      Transactor transactor,
      DeliveryTransport deliveryTransport,
      DispatchConfig rules,
      DispatchContext dispatchContext) {
    this.transactor = transactor;
    this.rules = rules;
    this.sendLoop = new SendLoop(transactor, deliveryTransport, rules, dispatchContext, wakeSignal);
    this.queue = sendLoop.queue();
  }

  @Override
  public DispatchHandoff handoff() {
    return this;
  }

  @Override
  public PollResult poll() {
    int limit = Math.min(queue.freeSlots(ReceiverClass.UNKNOWN), LARGEST_CLAIM);
    if (limit == 0) {
      queue.noteOverflow();
      return new PollResult(0, false, Optional.empty());
    }
    long claimedAt = nanoTime();
    ClaimRequest claimRequest = claim(limit);
    List<LeasedDelivery> parcels =
        transactor.inTransaction(unit -> unit.deliveries().claimDue(claimRequest));
    sendLoop.add(parcels, claimedAt);
    queue.noteOverflow();
    sendLoop.schedule();
    boolean full = parcels.size() == limit;
    return new PollResult(
        parcels.size(), full, full ? Optional.empty() : untilNextDue(parcels.isEmpty()));
  }

  private ClaimRequest claim(int limit) {
    int failing = Math.min(queue.freeSlots(ReceiverClass.FAILING), limit);
    int perWebhook = 2 * rules.maxInFlightPerWebhook();
    return new ClaimRequest(
        rules.leaseDuration(), limit, failing, perWebhook, queue.heldByWebhook());
  }

  /// What is due and was not taken is of webhooks that are full here: room wakes the loop then, and
  /// asking again at once is in vain.
  private Optional<Duration> untilNextDue(boolean nothingTaken) {
    return transactor
        .inTransaction(unit -> unit.deliveries().timeUntilNextDue())
        .filter(wait -> wait.isPositive() || !nothingTaken);
  }

  @Override
  public void awaitWork(Duration atMost) throws InterruptedException {
    wakeSignal.await(atMost);
  }

  @Override
  public boolean stop(Duration patience) throws InterruptedException {
    wake();
    return sendLoop.stop(patience);
  }

  @Override
  public Duration leaseDuration() {
    return rules.leaseDuration();
  }

  @Override
  public long nanoTime() {
    return sendLoop.nanoTime();
  }

  @Override
  public boolean reserveSlot(WebhookId webhook) {
    return queue.reserveSlot(webhook);
  }

  @Override
  public void releaseSlot(WebhookId webhook) {
    queue.releaseSlot(webhook);
  }

  @Override
  public void submit(Collection<LeasedDelivery> parcels, long leasedAt) {
    sendLoop.addReserved(parcels, leasedAt);
    sendLoop.schedule();
  }

  @Override
  public void wake() {
    wakeSignal.wake();
  }
}
