package dev.runhook.application.dispatch;

import static java.util.stream.Collectors.groupingBy;

import dev.runhook.application.dispatch.CompletionTransaction.BatchResult;
import dev.runhook.application.outbox.CatchUp;
import dev.runhook.application.outbox.DispatchHandoff;
import dev.runhook.application.outbox.Moment;
import dev.runhook.application.outbox.OperationalEvents;
import dev.runhook.application.outbox.WebhookChange;
import dev.runhook.application.spi.Bucket;
import dev.runhook.application.spi.BucketRouter;
import dev.runhook.application.spi.delivery.Deliveries.CompletedAttempt;
import dev.runhook.application.spi.delivery.Lease;
import dev.runhook.application.spi.delivery.LeasedDelivery;
import dev.runhook.domain.delivery.Disposition;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.Webhook;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Stream;

/// Starts the attempts of leased deliveries at once, and passes the results on for completion. The
/// deliveries that a completion leases are started as well. Thread-safe.
final class Sender implements DispatchHandoff {
  private final Slots slots;
  private final BucketRouter buckets;
  private final PollSchedule schedule;
  private final DispatchConfig config;
  private final DeliveryTransport transport;
  private final DispatchContext context;
  private final OperationalEvents operationalEvents;
  private final AttemptRunner attemptRunner;

  /// By the server that has the bucket.
  private final Map<Bucket, AttemptCompleter> completers = new ConcurrentHashMap<>();

  Sender(
      BucketRouter buckets,
      DeliveryTransport transport,
      DispatchConfig config,
      DispatchContext context,
      OperationalEvents operationalEvents,
      PollSchedule schedule,
      Slots slots) {
    this.buckets = buckets;
    this.transport = transport;
    this.config = config;
    this.context = context;
    this.operationalEvents = operationalEvents;
    this.schedule = schedule;
    this.slots = slots;
    this.attemptRunner = new AttemptRunner(transport, config, context);
  }

  @Override
  public Duration leaseDuration() {
    return config.leaseDuration();
  }

  @Override
  public Moment now() {
    return context.now();
  }

  @Override
  public boolean takeSlot(Webhook webhook, long bytes) {
    return slots.tryTake(webhook, bytes);
  }

  @Override
  public void freeSlot(Webhook webhook, long bytes) {
    if (slots.free(webhook, bytes)) {
      schedule.wake();
    }
  }

  @Override
  public void submit(Collection<LeasedDelivery> deliveries, Moment leasedAt) {
    var ignored = start(List.copyOf(deliveries), leasedAt);
  }

  /// Starts the attempts. If no thread can be started for one, it and those after it become due
  /// again, without a wake-up: another claim would be in vain.
  ///
  /// @return whether all were started
  boolean start(List<LeasedDelivery> deliveries, Moment leasedAt) {
    for (int i = 0; i < deliveries.size(); i++) {
      LeasedDelivery delivery = deliveries.get(i);
      try {
        context.executor().execute(() -> send(delivery, leasedAt));
      } catch (RejectedExecutionException | OutOfMemoryError e) {
        List<LeasedDelivery> unsent = deliveries.subList(i, deliveries.size());
        transport.observer().onError("starting " + unsent.size() + " deliveries", e);
        releaseLeases(unsent);
        unsent.forEach(each -> slots.free(each.webhook(), each.bytes()));
        return false;
      }
    }
    return true;
  }

  @Override
  public void wake() {
    schedule.wake();
  }

  /// Returns the leases of deliveries that this process will not send, and frees their slots.
  void release(List<LeasedDelivery> unsent) {
    releaseLeases(unsent);
    unsent.forEach(this::free);
  }

  private void releaseLeases(List<LeasedDelivery> unsent) {
    unsent.stream()
        .collect(groupingBy(delivery -> buckets.of(delivery.webhook().stack())))
        .forEach(this::release);
  }

  private void release(Bucket bucket, List<LeasedDelivery> unsent) {
    List<Lease> leases = unsent.stream().map(LeasedDelivery::lease).toList();
    try {
      bucket.run(unit -> unit.deliveries().release(leases));
    } catch (RuntimeException e) { // the deliveries become due when their leases expire
      transport.observer().onError("releasing " + leases.size() + " deliveries", e);
    }
  }

  private void free(LeasedDelivery delivery) {
    freeSlot(delivery.webhook(), delivery.bytes());
  }

  private void send(LeasedDelivery delivery, Moment leasedAt) {
    AttemptPayload rendered = attemptRunner.render(delivery);
    Duration maxWait =
        Lease.durationFor(delivery.webhook(), config.leaseDuration())
            .minus(config.timeoutOf(delivery.webhook()))
            .minus(Lease.MARGIN.dividedBy(2));
    if (now().since(leasedAt).compareTo(maxWait) > 0) { // this process stood still, or was busy
      release(List.of(delivery));
      return;
    }
    CompletedAttempt completed = attemptRunner.run(delivery, rendered);
    Bucket bucket = buckets.of(delivery.webhook().stack());
    completers.computeIfAbsent(bucket.server(), this::completer).add(bucket, completed);
  }

  private AttemptCompleter completer(Bucket ignored) {
    return new AttemptCompleter(
        operationalEvents, transport.observer(), config, context, slots, this::onCompletion);
  }

  /// Starts the next deliveries of the lanes, and frees the slots of the others.
  private void onCompletion(
      Bucket bucket, List<CompletedAttempt> over, BatchResult result, Moment leasedAt) {
    slots.takeNext(result.leasedNext());
    over.forEach(attempt -> free(attempt.leased()));
    submit(result.leasedNext(), leasedAt);
    if (result.moreDue()) {
      schedule.wake(bucket, Duration.ZERO);
    }
    over.stream()
        .flatMap(Sender::retryDelay)
        .min(Duration::compareTo)
        .ifPresent(delay -> schedule.wake(bucket, delay));
    result.webhookChanges().forEach(change -> onHealthChange(bucket, change));
  }

  private static Stream<Duration> retryDelay(CompletedAttempt attempt) {
    return attempt.disposition() instanceof Disposition.Retry(Duration delay, var ignored)
        ? Stream.of(delay)
        : Stream.empty();
  }

  private void onHealthChange(Bucket bucket, WebhookChange change) {
    if (change.isRecovery()) {
      schedule.wake();
      startCatchUp(bucket, change.after());
    } else if (!(change.after().health() instanceof Health.Active)) {
      schedule.wake(); // its first probe may be due soon
    }
  }

  /// What is not reached keeps its delay.
  private void startCatchUp(Bucket bucket, Webhook webhook) {
    try {
      context.executor().execute(() -> catchUp(bucket, webhook));
    } catch (RejectedExecutionException | OutOfMemoryError e) {
      transport.observer().onError("sending what waits for a recovered webhook", e);
    }
  }

  private void catchUp(Bucket bucket, Webhook webhook) {
    try {
      CatchUp.finish(bucket, webhook.id());
      schedule.wake(bucket, Duration.ZERO);
    } catch (RuntimeException e) {
      transport.observer().onError("sending what waits for a recovered webhook", e);
    }
  }
}
