package dev.runhook.application.dispatch;

import dev.runhook.application.outbox.DispatchHandoff;
import dev.runhook.application.outbox.Moment;
import dev.runhook.application.outbox.OperationalEvents;
import dev.runhook.application.spi.Bucket;
import dev.runhook.application.spi.BucketRouter;
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

  private final PollSchedule schedule;
  private final BucketPolls polls;
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
    this.schedule = new PollSchedule(context.ticker());
    this.slots = new Slots(config.slotLimits());
    this.sender =
        new Sender(buckets, transport, config, context, operationalEvents, schedule, slots);
    this.polls = new BucketPolls(buckets.all(), this::poll, schedule, context.transactions());
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
    return polls.poll();
  }

  private PollResult poll(Bucket bucket) {
    ClaimRequest request = slots.beginClaim(config.leaseDuration());
    Moment leasedAt = sender.now();
    List<LeasedDelivery> claimed = claim(bucket, request);
    if (slots.isClosed()) {
      sender.release(claimed);
    } else {
      sender.submit(claimed, leasedAt);
    }
    boolean limitReached = request.slots() > 0 && request.slotsOf(claimed) >= request.slots();
    return new PollResult(
        claimed.size(),
        limitReached,
        limitReached || request.slots() == 0
            ? Optional.empty()
            : timeUntilNextDue(bucket, claimed.isEmpty()));
  }

  private List<LeasedDelivery> claim(Bucket bucket, ClaimRequest request) {
    List<LeasedDelivery> claimed = List.of();
    try {
      if (request.slots() > 0) {
        claimed = bucket.inTransaction(unit -> unit.deliveries().claimDue(request));
      }
      return claimed;
    } finally {
      slots.endClaim(request, claimed);
    }
  }

  /// If deliveries are due but none was claimed, their webhooks have no free slots here. An
  /// immediate second poll would find none either. A freed slot sends the wake signal.
  private Optional<Duration> timeUntilNextDue(Bucket bucket, boolean nothingClaimed) {
    return nothingClaimed
        ? bucket
            .inTransaction(unit -> unit.deliveries().timeUntilNextDue())
            .filter(Duration::isPositive)
        : Optional.of(WAIT_AFTER_CLAIM);
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
