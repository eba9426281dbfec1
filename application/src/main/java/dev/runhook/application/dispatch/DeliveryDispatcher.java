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

/// Claims deliveries into a [FairQueue], from which the [SendLoop] sends them.
final class DeliveryDispatcher implements Dispatcher, DispatchHandoff {
  private static final int MAX_CLAIM = 500;

  private final Transactor transactor;
  private final DispatchConfig config;
  private final WakeSignal wakeSignal = new WakeSignal();
  private final SendLoop sendLoop;
  private final FairQueue queue;

  DeliveryDispatcher(
      Transactor transactor,
      DeliveryTransport transport,
      DispatchConfig config,
      DispatchContext context) {
    this.transactor = transactor;
    this.config = config;
    this.sendLoop = new SendLoop(transactor, transport, config, context, wakeSignal);
    this.queue = sendLoop.queue();
  }

  @Override
  public DispatchHandoff handoff() {
    return this;
  }

  @Override
  public PollResult poll() {
    int limit = Math.min(queue.freeSlots(ReceiverClass.UNKNOWN), MAX_CLAIM);
    if (limit == 0) {
      queue.noteOverflow();
      return new PollResult(0, false, Optional.empty());
    }
    long leasedAt = nanoTime();
    ClaimRequest request = claimRequest(limit);
    List<LeasedDelivery> claimed =
        transactor.inTransaction(unit -> unit.deliveries().claimDue(request));
    sendLoop.add(claimed, leasedAt);
    queue.noteOverflow();
    sendLoop.schedule();
    boolean limitReached = claimed.size() == limit;
    return new PollResult(
        claimed.size(),
        limitReached,
        limitReached ? Optional.empty() : timeUntilNextDue(claimed.isEmpty()));
  }

  private ClaimRequest claimRequest(int limit) {
    int limitOfFailing = Math.min(queue.freeSlots(ReceiverClass.FAILING), limit);
    int limitPerWebhook = 2 * config.maxInFlightPerWebhook();
    return new ClaimRequest(
        config.leaseDuration(), limit, limitOfFailing, limitPerWebhook, queue.heldByWebhook());
  }

  /// If deliveries are due but none was claimed, their webhooks have no free slots here. Polling
  /// again at once is then useless: a freed slot sends the wake signal.
  private Optional<Duration> timeUntilNextDue(boolean nothingClaimed) {
    return transactor
        .inTransaction(unit -> unit.deliveries().timeUntilNextDue())
        .filter(time -> time.isPositive() || !nothingClaimed);
  }

  @Override
  public void awaitWork(Duration timeout) throws InterruptedException {
    wakeSignal.await(timeout);
  }

  @Override
  public boolean stop(Duration timeout) throws InterruptedException {
    wake();
    return sendLoop.stop(timeout);
  }

  @Override
  public Duration leaseDuration() {
    return config.leaseDuration();
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
  public void submit(Collection<LeasedDelivery> deliveries, long leasedAt) {
    sendLoop.addReserved(deliveries, leasedAt);
    sendLoop.schedule();
  }

  @Override
  public void wake() {
    wakeSignal.wake();
  }
}
