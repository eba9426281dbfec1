package dev.runhook.application.dispatch;

import dev.runhook.application.spi.delivery.ByteLimits;
import dev.runhook.application.spi.delivery.Deliveries.ClaimRequest;
import dev.runhook.application.spi.delivery.LeasedDelivery;
import dev.runhook.domain.webhook.WebhookId;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The deliveries that this process holds, from reserving a slot until their attempts are
/// completed.
///
/// Webhooks take turns. The attempts in flight are limited for each webhook, so a slow receiver
/// uses up its own slots only, and for each class of receivers ([CapacityPool]), so a group of slow
/// receivers leaves slots for others. The backlog in memory is bounded as well, in deliveries and
/// in bytes, for each webhook and in total; the rest stays in the store. A finished attempt holds
/// its slot until its result is committed. This bounds the duplicates after a crash to the number
/// of slots, and slows sending down while the store is slow.
///
/// Thread-safe. The lock of this object guards all of its state.
final class FairQueue {
  /// How many deliveries may be held in memory for each attempt that may be in flight.
  private static final int HELD_PER_ATTEMPT = 4;

  private final CapacityPool inFlight;
  private final MemoryPool memory;
  private final WebhookQueues queues;
  private final RoundRobin turns = new RoundRobin();

  private boolean closed;

  FairQueue(DispatchConfig config) {
    this.inFlight = new CapacityPool(config.maxInFlight());
    this.memory =
        new MemoryPool((long) config.maxInFlight() * HELD_PER_ATTEMPT, config.maxBytesInFlight());
    this.queues =
        new WebhookQueues(config.maxInFlightPerWebhook(), config.maxBytesInFlightPerWebhook());
  }

  /// @param startBefore the ticker's value after which it is too late to start the attempt
  record QueuedDelivery(LeasedDelivery leased, long startBefore) {
    WebhookId webhookId() {
      return leased.webhook().id();
    }

    long bytes() {
      return leased.bytes();
    }
  }

  /// Reserves room in memory for one delivery.
  ///
  /// @param bytes as in [LeasedDelivery#bytes]
  /// @return false if there is none, which [#attemptCompleted] takes into account
  synchronized boolean reserveSlot(WebhookId webhook, long bytes) {
    WebhookQueue queue = queues.of(webhook);
    boolean memoryHasRoom = memory.checkRoom(queue.receiverClass);
    boolean isReserved =
        !closed
            && memoryHasRoom
            && queue.held() < queue.concurrencyLimit * HELD_PER_ATTEMPT
            && queues.hasBytes(queue);
    if (isReserved) {
      queue.reserved++;
      acquireMemory(queue, bytes);
    } else {
      queue.overflowed = true;
      queues.removeIfEmpty(queue);
    }
    return isReserved;
  }

  synchronized void releaseSlot(WebhookId webhook, long bytes) {
    WebhookQueue queue = queues.of(webhook);
    queue.reserved--;
    releaseMemory(queue, 1, bytes);
  }

  /// Adds a delivery for which a slot was reserved.
  synchronized void addReserved(QueuedDelivery delivery) {
    WebhookQueue queue = queues.of(delivery.webhookId());
    queue.reserved--;
    enqueue(queue, delivery);
  }

  /// Adds a claimed delivery, even if there is no room.
  synchronized void add(QueuedDelivery delivery) {
    WebhookQueue queue = queues.of(delivery.webhookId());
    acquireMemory(queue, delivery.bytes());
    enqueue(queue, delivery);
  }

  /// Reserves memory for what one claim loads, or for the next deliveries of lanes. Release it with
  /// [#releaseBytes] after the deliveries have been added.
  ///
  /// While the memory is full, nothing is reserved. Otherwise a webhook with many lanes would keep
  /// all slots for their next deliveries, and those of other webhooks would never be claimed.
  synchronized ByteLimits reserveBytes() {
    noteClassOverflow();
    long total = memory.isFull() ? 0 : memory.freeBytesForClaim(ReceiverClass.UNKNOWN);
    long ofFailing = Math.min(memory.freeBytesForClaim(ReceiverClass.FAILING), total);
    memory.acquire(ReceiverClass.UNKNOWN, 0, total);
    return queues.byteLimits(total, ofFailing);
  }

  /// Returns a request to claim what fits into memory.
  ///
  /// @param limit the maximum number of deliveries
  /// @param bytes reserved with [#reserveBytes]
  synchronized ClaimRequest claimRequest(Duration leaseDuration, int limit, ByteLimits bytes) {
    return new ClaimRequest(
        leaseDuration,
        limit,
        bytes.ofFailing() > 0 ? Math.min(freeSlots(ReceiverClass.FAILING), limit) : 0,
        queues.claimLimit(),
        queues.heldByWebhook(),
        bytes);
  }

  synchronized void releaseBytes(ByteLimits reserved) {
    memory.release(ReceiverClass.UNKNOWN, 0, reserved.total());
  }

  /// Takes the next delivery that may be sent. It is in flight until [#attemptEnded] or
  /// [#attemptAbandoned].
  synchronized Optional<QueuedDelivery> takeNext() {
    return closed ? Optional.empty() : turns.next(inFlight).map(this::start);
  }

  /// Frees the webhook's slot for another attempt. The attempt still counts toward the total until
  /// [#attemptCompleted].
  synchronized void attemptEnded(WebhookId webhook, boolean delivered) {
    WebhookQueue queue = queues.of(webhook);
    if (delivered) {
      queue.raiseConcurrencyLimit();
    }
    end(queue);
    reclassify(queue, queue.receiverClass.afterAttempt(delivered));
    addTurnIfReady(queue);
  }

  /// Like [#attemptEnded], for an attempt that says nothing about the receiver because it was not
  /// started or failed with an internal error.
  synchronized void attemptAbandoned(WebhookId webhook) {
    WebhookQueue queue = queues.of(webhook);
    end(queue);
    addTurnIfReady(queue);
  }

  /// Frees the slots of an ended attempt whose result is stored, or never will be.
  ///
  /// @return whether to claim more deliveries, for which there was no room before
  synchronized boolean attemptCompleted(LeasedDelivery delivery) {
    WebhookQueue queue = queues.of(delivery.webhook().id());
    inFlight.release(queue.receiverClass, 1);
    queue.uncompleted--;
    releaseMemory(queue, 1, delivery.bytes());
    boolean moreOfWebhook = queue.overflowed && !queues.isFull(queue);
    if (moreOfWebhook) {
      queue.overflowed = false;
    }
    boolean moreOfClass = memory.removeOverflow();
    return moreOfWebhook || moreOfClass;
  }

  /// Remembers the webhooks and classes for which there is no room, so the store may hold more of
  /// their deliveries.
  synchronized void noteOverflow() {
    noteClassOverflow();
    queues.all().stream().filter(queues::isFull).forEach(queue -> queue.overflowed = true);
  }

  private void noteClassOverflow() {
    Arrays.stream(ReceiverClass.values()).forEach(memory::checkRoom);
  }

  /// Lets a recovered webhook start with one attempt at a time. Each success doubles this number,
  /// up to the configured limit.
  synchronized void rampUp(WebhookId webhook) {
    queues.of(webhook).concurrencyLimit = 1;
  }

  /// Removes and returns the webhook's deliveries that are not started.
  synchronized List<QueuedDelivery> evict(WebhookId webhook) {
    return drain(queues.of(webhook));
  }

  /// Rejects further deliveries, and removes and returns those that are not started.
  synchronized List<QueuedDelivery> close() {
    closed = true;
    return queues.all().stream().flatMap(queue -> drain(queue).stream()).toList();
  }

  synchronized boolean isClosed() {
    return closed;
  }

  /// Returns how many more deliveries of webhooks of that class fit into memory.
  synchronized int freeSlots(ReceiverClass receiverClass) {
    return closed ? 0 : memory.freeSlots(receiverClass);
  }

  /// Returns how many deliveries are held for each webhook, without the webhooks that have none. A
  /// webhook that holds as many bytes as it may counts as full.
  synchronized Map<WebhookId, Integer> heldByWebhook() {
    return queues.heldByWebhook();
  }

  private QueuedDelivery start(WebhookQueue queue) {
    QueuedDelivery next = queue.queued.remove();
    queue.inFlight++;
    inFlight.acquire(queue.receiverClass, 1);
    addTurnIfReady(queue);
    return next;
  }

  private void enqueue(WebhookQueue queue, QueuedDelivery delivery) {
    queue.queued.add(delivery);
    ReceiverClass next = queue.receiverClass.withHealth(delivery.leased().webhook().health());
    if (queue.receiverClass == ReceiverClass.FAILING && next != ReceiverClass.FAILING) {
      queue.concurrencyLimit = 1; // another process or a user has reactivated it
    }
    reclassify(queue, next);
    addTurnIfReady(queue);
  }

  private static void end(WebhookQueue queue) {
    queue.inFlight--;
    queue.uncompleted++;
  }

  private void reclassify(WebhookQueue queue, ReceiverClass next) {
    ReceiverClass before = queue.receiverClass;
    if (next != before) {
      turns.remove(queue);
      queues.reclassify(queue, next);
      memory.transfer(before, next, queue.held(), queue.bytes);
      inFlight.transfer(before, next, queue.inFlight + queue.uncompleted);
    }
  }

  private void addTurnIfReady(WebhookQueue queue) {
    if (queue.canStart()) {
      turns.add(queue);
    }
  }

  private void acquireMemory(WebhookQueue queue, long bytes) {
    queue.bytes += bytes;
    memory.acquire(queue.receiverClass, 1, bytes);
  }

  private void releaseMemory(WebhookQueue queue, int slots, long bytes) {
    queue.bytes -= bytes;
    memory.release(queue.receiverClass, slots, bytes);
    queues.removeIfEmpty(queue);
  }

  private List<QueuedDelivery> drain(WebhookQueue queue) {
    List<QueuedDelivery> drained = queue.drain();
    turns.remove(queue);
    releaseMemory(queue, drained.size(), drained.stream().mapToLong(QueuedDelivery::bytes).sum());
    return drained;
  }
}
