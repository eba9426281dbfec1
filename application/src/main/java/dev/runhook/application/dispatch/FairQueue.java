package dev.runhook.application.dispatch;

import dev.runhook.application.spi.LeasedDelivery;
import dev.runhook.domain.webhook.WebhookId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/// The parcels that this process holds, from the place kept for them until they are settled.
/// Webhooks take turns; each has at most so many under way, so that one that hangs fills its own
/// places and nobody else's, and a crowd that hangs no more than a part ([CapacityPool]). What is
/// held beside is bounded as well, by webhook and in all: the rest is better off in the store. What
/// has ended keeps its place among all until it is settled, for a crash would have it sent again:
/// so no more than that comes twice, and where settling is slow, sending slows down with it.
/// Thread-safe.
final class FairQueue {
  /// How much may be held in memory for each place under way.
  private static final int HELD_PER_PLACE = 4;

  private final CapacityPool places;
  private final CapacityPool memory;
  private final Overflow overflow;
  private final WebhookQueues webhookQueues;
  private final RoundRobin roundRobin = new RoundRobin();
  private final AtomicBoolean closed = new AtomicBoolean();

  FairQueue(int places, int placesPerWebhook) {
    this.places = new CapacityPool(places);
    this.memory = new CapacityPool(places * HELD_PER_PLACE);
    this.overflow = new Overflow(memory);
    this.webhookQueues = new WebhookQueues(placesPerWebhook);
  }

  /// A parcel and the tick after which it is too late to begin with it.
  record QueuedDelivery(LeasedDelivery leased, long startBefore) {
    WebhookId webhookId() {
      return leased.webhook().id();
    }
  }

  /// Keeps a place for one parcel; false when there is none, which [#attemptCompleted] remembers.
  synchronized boolean reserveSlot(WebhookId webhook) {
    WebhookQueue webhookQueue = webhookQueues.of(webhook);
    boolean fits = memory.hasRoom(webhookQueue.receiverClass());
    boolean room =
        !isClosed()
            && fits
            && webhookQueue.held() < webhookQueue.concurrencyLimit.get() * HELD_PER_PLACE;
    if (room) {
      webhookQueue.reserved.incrementAndGet();
      memory.acquire(webhookQueue.receiverClass());
    } else {
      webhookQueue.overflowed.set(true);
      if (!fits) {
        overflow.mark(webhookQueue.receiverClass());
      }
      webhookQueues.removeIfEmpty(webhookQueue);
    }
    return room;
  }

  synchronized void releaseSlot(WebhookId webhook) {
    WebhookQueue webhookQueue = webhookQueues.of(webhook);
    letGo(webhookQueue, webhookQueue.reserved);
  }

  /// Adds a parcel for which a place was reserved.
  synchronized void addReserved(QueuedDelivery queuedDelivery) {
    WebhookQueue webhookQueue = webhookQueues.of(queuedDelivery.webhookId());
    webhookQueue.reserved.decrementAndGet();
    enqueue(webhookQueue, queuedDelivery);
  }

  /// Adds a parcel that was taken from the store, whatever is held already.
  synchronized void add(QueuedDelivery queuedDelivery) {
    WebhookQueue webhookQueue = webhookQueues.of(queuedDelivery.webhookId());
    memory.acquire(webhookQueue.receiverClass());
    enqueue(webhookQueue, queuedDelivery);
  }

  /// The next parcel whose webhook has its turn and a free place; it is under way until
  /// [#attemptEnded].
  synchronized Optional<QueuedDelivery> takeNext() {
    return isClosed() ? Optional.empty() : roundRobin.next(places).map(this::begun);
  }

  /// An attempt has ended; its webhook's place is free, and its place among all until
  /// [#attemptCompleted].
  synchronized void attemptEnded(WebhookId webhook, boolean delivered) {
    WebhookQueue webhookQueue = webhookQueues.of(webhook);
    if (delivered) {
      webhookQueue.raiseConcurrencyLimit();
    }
    end(webhookQueue);
    become(webhookQueue, webhookQueue.receiverClass().afterAttempt(delivered));
    takeTurnIfAble(webhookQueue);
  }

  /// As [#attemptEnded], for what tells nothing of the receiver: it was not sent, or the fault is
  /// ours.
  synchronized void attemptAbandoned(WebhookId webhook) {
    WebhookQueue webhookQueue = webhookQueues.of(webhook);
    end(webhookQueue);
    takeTurnIfAble(webhookQueue);
  }

  /// An ended attempt is settled, or never will be. Says whether the store should be asked for
  /// more, for which there was no room before.
  synchronized boolean attemptCompleted(WebhookId webhook) {
    WebhookQueue webhookQueue = webhookQueues.of(webhook);
    places.release(webhookQueue.receiverClass(), 1);
    letGo(webhookQueue, webhookQueue.uncompleted);
    boolean moreOfIt =
        !webhookQueues.isFull(webhookQueue) && webhookQueue.overflowed.getAndSet(false);
    boolean moreOfAny = overflow.clearWhereRoom();
    return moreOfIt || moreOfAny;
  }

  /// Remembers that the store may hold more of those webhooks that are full, and of all where
  /// everything is.
  synchronized void noteOverflow() {
    overflow.markFull();
    webhookQueues
        .all()
        .forEach(webhookQueue ->
            webhookQueue.overflowed.compareAndSet(false, webhookQueues.isFull(webhookQueue)));
  }

  /// Lets a webhook that is well again begin with one attempt at a time; each success doubles that,
  /// up to the usual.
  synchronized void rampUp(WebhookId webhook) {
    webhookQueues.of(webhook).concurrencyLimit.set(1);
  }

  /// Takes out what waits for that webhook.
  synchronized List<QueuedDelivery> evict(WebhookId webhook) {
    return emptied(webhookQueues.of(webhook));
  }

  /// Lets nothing more be reserved or taken, and takes out all that waits.
  synchronized List<QueuedDelivery> close() {
    closed.set(true);
    return webhookQueues.all().stream()
        .flatMap(webhookQueue -> emptied(webhookQueue).stream())
        .toList();
  }

  boolean isClosed() {
    return closed.get();
  }

  /// How many more parcels of webhooks of that reputation fit in.
  synchronized int freeSlots(ReceiverClass who) {
    return isClosed() ? 0 : memory.freeSlots(who);
  }

  /// How many parcels are held of each webhook of which there are any.
  synchronized Map<WebhookId, Integer> heldByWebhook() {
    return webhookQueues.heldByWebhook();
  }

  private QueuedDelivery begun(WebhookQueue webhookQueue) {
    QueuedDelivery next = webhookQueue.queued.remove();
    webhookQueue.inFlight.incrementAndGet();
    places.acquire(webhookQueue.receiverClass());
    takeTurnIfAble(webhookQueue);
    return next;
  }

  private void enqueue(WebhookQueue webhookQueue, QueuedDelivery queuedDelivery) {
    webhookQueue.queued.add(queuedDelivery);
    become(
        webhookQueue,
        webhookQueue.receiverClass().withHealth(queuedDelivery.leased().webhook().health()));
    takeTurnIfAble(webhookQueue);
  }

  private void end(WebhookQueue webhookQueue) {
    webhookQueue.inFlight.decrementAndGet();
    webhookQueue.uncompleted.incrementAndGet();
  }

  private void become(WebhookQueue webhookQueue, ReceiverClass next) {
    ReceiverClass before = webhookQueue.receiverClass();
    if (next != before) {
      roundRobin.remove(webhookQueue);
      webhookQueues.reclassify(webhookQueue, next);
      memory.transfer(before, next, webhookQueue.held());
      places.transfer(before, next, webhookQueue.inFlight.get() + webhookQueue.uncompleted.get());
    }
  }

  private void takeTurnIfAble(WebhookQueue webhookQueue) {
    if (webhookQueue.canStart()) {
      roundRobin.add(webhookQueue);
    }
  }

  private void letGo(WebhookQueue webhookQueue, AtomicInteger counted) {
    counted.decrementAndGet();
    memory.release(webhookQueue.receiverClass(), 1);
    webhookQueues.removeIfEmpty(webhookQueue);
  }

  private List<QueuedDelivery> emptied(WebhookQueue webhookQueue) {
    List<QueuedDelivery> out = webhookQueue.drain();
    memory.release(webhookQueue.receiverClass(), out.size());
    roundRobin.remove(webhookQueue);
    webhookQueues.removeIfEmpty(webhookQueue);
    return out;
  }
}
