package dev.runhook.application.dispatch;

import dev.runhook.application.spi.LeasedDelivery;
import dev.runhook.domain.webhook.WebhookId;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The deliveries that this process holds, from reserving a slot until their attempts are
/// completed.
///
/// Webhooks take turns. The attempts in flight are limited for each webhook, so a slow receiver
/// uses up its own slots only, and for each class of receivers ([CapacityPool]), so a group of slow
/// receivers leaves slots for others. The backlog in memory is bounded as well, for each webhook
/// and in total; the rest stays in the store. A finished attempt holds its slot until its result is
/// committed. This bounds the duplicates after a crash to the number of slots, and slows sending
/// down while the store is slow.
///
/// Thread-safe. The lock of this object guards all of its state.
final class FairQueue {
  /// How many deliveries may be held in memory for each attempt that may be in flight.
  private static final int HELD_PER_ATTEMPT = 4;

  private final CapacityPool inFlight;
  private final CapacityPool memory;
  private final WebhookQueues queues;
  private final RoundRobin turns = new RoundRobin();

  /// Classes for which there was no room, so the store may hold more of their deliveries.
  private final Set<ReceiverClass> overflowed = EnumSet.noneOf(ReceiverClass.class);

  private boolean closed;

  FairQueue(int maxInFlight, int maxInFlightPerWebhook) {
    this.inFlight = new CapacityPool(maxInFlight);
    this.memory = new CapacityPool(maxInFlight * HELD_PER_ATTEMPT);
    this.queues = new WebhookQueues(maxInFlightPerWebhook);
  }

  /// @param startBefore the ticker's value after which it is too late to start the attempt
  record QueuedDelivery(LeasedDelivery leased, long startBefore) {
    WebhookId webhookId() {
      return leased.webhook().id();
    }
  }

  /// Reserves room in memory for one delivery.
  ///
  /// @return false if there is none, which [#attemptCompleted] takes into account
  synchronized boolean reserveSlot(WebhookId webhook) {
    WebhookQueue queue = queues.of(webhook);
    boolean memoryHasRoom = memory.hasRoom(queue.receiverClass);
    boolean isReserved =
        !closed && memoryHasRoom && queue.held() < queue.concurrencyLimit * HELD_PER_ATTEMPT;
    if (isReserved) {
      queue.reserved++;
      memory.acquire(queue.receiverClass);
    } else {
      queue.overflowed = true;
      if (!memoryHasRoom) {
        overflowed.add(queue.receiverClass);
      }
      queues.removeIfEmpty(queue);
    }
    return isReserved;
  }

  synchronized void releaseSlot(WebhookId webhook) {
    WebhookQueue queue = queues.of(webhook);
    queue.reserved--;
    releaseMemory(queue, 1);
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
    memory.acquire(queue.receiverClass);
    enqueue(queue, delivery);
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
  synchronized boolean attemptCompleted(WebhookId webhook) {
    WebhookQueue queue = queues.of(webhook);
    inFlight.release(queue.receiverClass, 1);
    queue.uncompleted--;
    releaseMemory(queue, 1);
    boolean moreOfWebhook = queue.overflowed && !queues.isFull(queue);
    if (moreOfWebhook) {
      queue.overflowed = false;
    }
    boolean moreOfClass = overflowed.removeIf(memory::hasAmpleRoom);
    return moreOfWebhook || moreOfClass;
  }

  /// Remembers the webhooks and classes for which there is no room, so the store may hold more of
  /// their deliveries.
  synchronized void noteOverflow() {
    for (ReceiverClass receiverClass : ReceiverClass.values()) {
      if (!memory.hasRoom(receiverClass)) {
        overflowed.add(receiverClass);
      }
    }
    queues.all().stream().filter(queues::isFull).forEach(queue -> queue.overflowed = true);
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

  /// Returns how many deliveries are held for each webhook, without the webhooks that have none.
  synchronized Map<WebhookId, Integer> heldByWebhook() {
    return queues.heldByWebhook();
  }

  private QueuedDelivery start(WebhookQueue queue) {
    QueuedDelivery next = queue.queued.remove();
    queue.inFlight++;
    inFlight.acquire(queue.receiverClass);
    addTurnIfReady(queue);
    return next;
  }

  private void enqueue(WebhookQueue queue, QueuedDelivery delivery) {
    queue.queued.add(delivery);
    ReceiverClass next = queue.receiverClass.withHealth(delivery.leased().webhook().health());
    if (queue.receiverClass == ReceiverClass.FAILING && next != ReceiverClass.FAILING) {
      queue.concurrencyLimit = 1; // another process or a user has seen to it that it recovered
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
      memory.transfer(before, next, queue.held());
      inFlight.transfer(before, next, queue.inFlight + queue.uncompleted);
    }
  }

  private void addTurnIfReady(WebhookQueue queue) {
    if (queue.canStart()) {
      turns.add(queue);
    }
  }

  private void releaseMemory(WebhookQueue queue, int slots) {
    memory.release(queue.receiverClass, slots);
    queues.removeIfEmpty(queue);
  }

  private List<QueuedDelivery> drain(WebhookQueue queue) {
    List<QueuedDelivery> drained = queue.drain();
    turns.remove(queue);
    releaseMemory(queue, drained.size());
    return drained;
  }
}
