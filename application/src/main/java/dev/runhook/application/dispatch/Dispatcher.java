package dev.runhook.application.dispatch;

import dev.runhook.application.outbox.DispatchHandoff;
import dev.runhook.application.outbox.Moment;
import dev.runhook.application.outbox.OperationalEvents;
import dev.runhook.application.spi.Bucket;
import dev.runhook.application.spi.BucketRouter;
import dev.runhook.application.spi.delivery.Deliveries;
import dev.runhook.application.spi.delivery.Deliveries.ClaimRequest;
import dev.runhook.application.spi.delivery.LeasedDelivery;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Claims due deliveries, sends them, and completes their attempts. A dispatcher has no threads of
/// its own: attempts run on the given executor, and the host calls [#poll] in a loop.
public final class Dispatcher {
  /// What is due and has no slot sends a signal when one is free, so this need not be short.
  private static final Duration WAIT_AFTER_CLAIM = Duration.ofMillis(100);

  /// While no thread can be started for attempts, claims are in vain.
  private static final Duration WAIT_AFTER_REFUSAL = Duration.ofMillis(500);

  private final PollSchedule schedule;
  private final DispatchConfig config;
  private final Slots slots;
  private final Sender sender;

  public Dispatcher(
      BucketRouter buckets,
      DeliveryTransport transport,
      DispatchConfig config,
      DispatchContext context,
      OperationalEvents operationalEvents) {
    this.config = config;
    this.schedule = new PollSchedule(buckets.all(), context.ticker(), context.transactions());
    this.slots = new Slots(config.slotLimits());
    this.sender =
        new Sender(buckets, transport, config, context, operationalEvents, schedule, slots);
  }

  /// Returns the handoff through which recorders submit new deliveries.
  public DispatchHandoff handoff() {
    return sender;
  }

  /// Claims due deliveries, as many as there are slots, and starts to send them. Call this in a
  /// loop, from one thread. With several buckets, a poll after [#awaitWork] leaves out those in
  /// which nothing seems to be due. An exception from the store is thrown; no delivery is lost, and
  /// the caller can poll again.
  public PollResult poll() {
    return schedule.poll(this::poll);
  }

  private PollResult poll(Bucket bucket) {
    ClaimRequest request = slots.beginClaim(config.leaseDuration());
    Moment leasedAt = sender.now();
    Claim claim = claim(bucket, request);
    if (slots.isClosed()) {
      sender.release(claim.deliveries());
    } else if (!sender.start(claim.deliveries(), leasedAt)) {
      return new PollResult(claim.deliveries().size(), false, Optional.of(WAIT_AFTER_REFUSAL));
    }
    boolean limitReached =
        request.slots() > 0 && request.slotsOf(claim.deliveries()) >= request.slots();
    return new PollResult(
        claim.deliveries().size(),
        limitReached,
        limitReached ? Optional.empty() : claim.timeUntilNextDue());
  }

  /// @param timeUntilNextDue absent if only a wake-up can make another claim worthwhile
  private record Claim(List<LeasedDelivery> deliveries, Optional<Duration> timeUntilNextDue) {
    static final Claim NONE = new Claim(List.of(), Optional.empty());
  }

  private Claim claim(Bucket bucket, ClaimRequest request) {
    Claim claim = Claim.NONE;
    try {
      if (request.slots() > 0) {
        claim = bucket.inTransaction(unit -> claim(unit.deliveries(), request));
      }
      return claim;
    } finally {
      slots.endClaim(request, claim.deliveries());
    }
  }

  /// If deliveries are due but none was claimed, their webhooks have no free slots here. A freed
  /// slot sends the wake signal. Both calls are in one transaction, and so at the same time: no
  /// delivery becomes due in between.
  private static Claim claim(Deliveries deliveries, ClaimRequest request) {
    List<LeasedDelivery> claimed = deliveries.claimDue(request);
    return new Claim(
        claimed, claimed.isEmpty() ? deliveries.timeUntilNextDue() : Optional.of(WAIT_AFTER_CLAIM));
  }

  /// Waits until [DispatchHandoff#wake] has been called since the last poll, or until the timeout.
  public void awaitWork(Duration timeout) throws InterruptedException {
    schedule.await(timeout);
  }

  /// Stops claiming and accepting, and waits until the attempts in flight are completed.
  ///
  /// @return false if the timeout ended first; the remaining deliveries are claimed again when
  ///   their leases expire
  public boolean stop(Duration timeout) throws InterruptedException {
    slots.close();
    schedule.wake();
    return slots.awaitAllFree(timeout);
  }
}
