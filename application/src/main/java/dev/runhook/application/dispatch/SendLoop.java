package dev.runhook.application.dispatch;

import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;

import dev.runhook.application.dispatch.CompletionTransaction.BatchResult;
import dev.runhook.application.dispatch.CompletionTransaction.WebhookChange;
import dev.runhook.application.dispatch.FairQueue.QueuedDelivery;
import dev.runhook.application.outbox.CatchUp;
import dev.runhook.application.outbox.DispatchHandoff;
import dev.runhook.application.outbox.OperationalEvents;
import dev.runhook.application.spi.Bucket;
import dev.runhook.application.spi.BucketRouter;
import dev.runhook.application.spi.delivery.Deliveries.CompletedAttempt;
import dev.runhook.application.spi.delivery.Lease;
import dev.runhook.application.spi.delivery.LeasedDelivery;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/// Takes deliveries from the queue, runs their attempts, and passes the results on for completion.
/// The deliveries that a completion promotes are added to the queue. Thread-safe.
final class SendLoop implements DispatchHandoff {
  private static final int MAX_PERMITS = Integer.MAX_VALUE;

  private final FairQueue queue;
  private final BucketRouter buckets;
  private final PollSchedule schedule;
  private final DispatchConfig config;
  private final Dispatcher.DeliveryTransport transport;
  private final Dispatcher.DispatchContext context;
  private final OperationalEvents operationalEvents;
  private final AttemptRunner attemptRunner;

  /// By the server that has the bucket.
  private final Map<Object, AttemptCompleter> completers = new ConcurrentHashMap<>();

  /// Each attempt holds a permit from its start until it is over.
  private final Semaphore inFlight = new Semaphore(MAX_PERMITS);

  private final AtomicInteger pendingRuns = new AtomicInteger();

  SendLoop(
      BucketRouter buckets,
      Dispatcher.DeliveryTransport transport,
      DispatchConfig config,
      Dispatcher.DispatchContext context,
      OperationalEvents operationalEvents,
      PollSchedule schedule) {
    this.buckets = buckets;
    this.transport = transport;
    this.config = config;
    this.context = context;
    this.operationalEvents = operationalEvents;
    this.schedule = schedule;
    this.queue = new FairQueue(config);
    this.attemptRunner = new AttemptRunner(transport, config, context);
  }

  FairQueue queue() {
    return queue;
  }

  /// Queues claimed deliveries.
  ///
  /// @param leasedAt a value of [#nanoTime] from before the leases began
  void add(Collection<LeasedDelivery> deliveries, long leasedAt) {
    deliveries.forEach(delivery -> queue.add(queued(delivery, leasedAt)));
  }

  @Override
  public Duration leaseDuration() {
    return config.leaseDuration();
  }

  @Override
  public long nanoTime() {
    return context.ticker().getAsLong();
  }

  @Override
  public boolean reserveSlot(WebhookId webhook, long bytes) {
    return queue.reserveSlot(webhook, bytes);
  }

  @Override
  public void releaseSlot(WebhookId webhook, long bytes) {
    queue.releaseSlot(webhook, bytes);
  }

  @Override
  public void submit(Collection<LeasedDelivery> deliveries, long leasedAt) {
    deliveries.forEach(delivery -> queue.addReserved(queued(delivery, leasedAt)));
    schedule();
  }

  @Override
  public void wake() {
    schedule.wake();
  }

  /// Starts a run of this loop on the executor. Calls during a run prolong that run instead. A run
  /// may last as long as attempts keep finishing, so it must not use the thread of a waiting
  /// caller. If the executor runs tasks on the calling thread, runs do not nest.
  void schedule() {
    if (pendingRuns.getAndIncrement() > 0) {
      return;
    }
    try {
      context.executor().execute(this::run);
    } catch (RejectedExecutionException e) {
      if (!queue.isClosed()) { // after a stop, the executor may end before the last call
        transport.observer().onError("starting deliveries", e);
      }
      run(); // the executor rejects the deliveries too, so this run releases them
    }
  }

  private void run() {
    List<QueuedDelivery> unsent = new ArrayList<>();
    int served;
    do {
      served = pendingRuns.get();
      for (Optional<QueuedDelivery> next = queue.takeNext();
          next.isPresent();
          next = queue.takeNext()) {
        if (!start(next.get())) {
          unsent.add(next.get());
        }
      }
    } while (pendingRuns.addAndGet(-served) > 0);
    if (queue.isClosed()) {
      unsent.addAll(queue.close());
    }
    release(unsent);
  }

  /// Starts no further attempts, and waits for those in flight.
  ///
  /// @return false if the timeout ended first
  boolean stop(Duration timeout) throws InterruptedException {
    release(queue.close());
    boolean none = inFlight.tryAcquire(MAX_PERMITS, timeout.toNanos(), NANOSECONDS);
    if (none) {
      inFlight.release(MAX_PERMITS);
    }
    return none;
  }

  /// Called when a delivery of the bucket is to be retried.
  void onRetry(Bucket bucket, Duration delay) {
    schedule.wake(bucket, delay);
  }

  /// Called after a batch is stored, and before [#onAttemptsOver] for its attempts.
  ///
  /// @param leasedAt a value of [#nanoTime] from before the new leases began
  void onCompleted(Bucket bucket, BatchResult result, long leasedAt) {
    add(result.leasedNext(), leasedAt);
    if (result.moreDue()) {
      schedule.wake(bucket, Duration.ZERO);
    }
    result.webhookChanges().forEach(this::onHealthChange);
  }

  /// Releases the queued deliveries of a webhook that is no longer active. They were claimed under
  /// its previous health and are claimed again as the new one allows. If a webhook has recovered,
  /// more of its deliveries can be claimed.
  private void onHealthChange(WebhookChange change) {
    WebhookId webhook = change.after().id();
    if (!(change.after().health() instanceof Health.Active)) {
      release(queue.evict(webhook));
      schedule.wake(); // its first probe may be due soon
    } else if (change.isRecovery()) {
      queue.rampUp(webhook);
      schedule.wake();
      catchUp(change.after());
    }
  }

  private void catchUp(Webhook webhook) {
    try {
      CatchUp.finish(buckets.of(webhook.stack()), webhook.id());
    } catch (RuntimeException e) { // what was not reached keeps its delay
      transport.observer().onError("sending what waits for a recovered webhook", e);
    }
  }

  /// Called when the attempts of these deliveries are over, which frees their slots.
  void onAttemptsOver(List<LeasedDelivery> deliveries) {
    deliveries.forEach(this::onAttemptOver);
    schedule();
  }

  private void onAttemptOver(LeasedDelivery delivery) {
    if (queue.attemptCompleted(delivery)) {
      schedule.wake();
    }
    inFlight.release();
  }

  /// Releases the leases of deliveries that this process will not send.
  private void release(List<QueuedDelivery> unsent) {
    unsent.stream()
        .map(QueuedDelivery::leased)
        .collect(
            groupingBy(
                delivery -> buckets.of(delivery.webhook().stack()),
                mapping(LeasedDelivery::lease, toList())))
        .forEach(this::release);
  }

  private void release(Bucket bucket, List<Lease> leases) {
    try {
      bucket.run(unit -> unit.deliveries().release(leases));
    } catch (RuntimeException e) { // the deliveries become due when their leases expire
      transport.observer().onError("releasing " + leases.size() + " deliveries", e);
    }
  }

  private QueuedDelivery queued(LeasedDelivery delivery, long leasedAt) {
    Duration maxWait =
        Lease.durationFor(delivery.webhook(), config.leaseDuration())
            .minus(config.timeoutOf(delivery.webhook()))
            .minus(Lease.MARGIN.dividedBy(2));
    return new QueuedDelivery(delivery, leasedAt + maxWait.toNanos());
  }

  /// @return false if it is too late to start the attempt, or the executor rejects it
  private boolean start(QueuedDelivery delivery) {
    inFlight.acquireUninterruptibly();
    try {
      if (nanoTime() - delivery.startBefore() <= 0) {
        context.executor().execute(() -> send(delivery.leased()));
        return true;
      }
    } catch (RejectedExecutionException e) {
      transport.observer().onError("starting delivery " + delivery.leased().lease().delivery(), e);
    }
    queue.attemptAbandoned(delivery.webhookId());
    onAttemptOver(delivery.leased());
    return false;
  }

  private AttemptCompleter completer(Object ignored) {
    return new AttemptCompleter(
        operationalEvents, transport, config, context.transactions(), queue, this);
  }

  private void send(LeasedDelivery delivery) {
    CompletedAttempt completed = attemptRunner.run(delivery);
    Outcome outcome = completed.attempt().outcome();
    WebhookId webhook = delivery.webhook().id();
    if (outcome instanceof Outcome.InternalFailure) {
      queue.attemptAbandoned(webhook);
    } else {
      queue.attemptEnded(webhook, outcome.isDelivered());
    }
    Bucket bucket = buckets.of(delivery.webhook().stack());
    completers.computeIfAbsent(bucket.server(), this::completer).add(bucket, completed);
    if (pendingRuns.getAndIncrement() == 0) {
      run(); // no caller waits for this thread
    }
  }
}
