package dev.runhook.application.dispatch;

import dev.runhook.application.dispatch.FairQueue.QueuedDelivery;
import dev.runhook.domain.webhook.WebhookId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/// What a [FairQueue] holds of one webhook; guarded by the queue's lock.
final class WebhookQueue {
  final WebhookId webhook;
  final Queue<QueuedDelivery> queued = new ArrayDeque<>();
  final AtomicInteger reserved = new AtomicInteger();
  final AtomicInteger inFlight = new AtomicInteger();

  /// Attempts that have ended and are not yet settled.
  final AtomicInteger uncompleted = new AtomicInteger();

  /// How many may be under way; fewer than usual while it ramps up.
  final AtomicInteger concurrencyLimit;

  /// Whether it stands in the queue of turns.
  final AtomicBoolean inRotation = new AtomicBoolean();

  /// Whether the store may hold more that there was no room for.
  final AtomicBoolean overflowed = new AtomicBoolean();

  private final int usual;
  private final AtomicReference<ReceiverClass> receiverClass;

  WebhookQueue(WebhookId webhook, int usual, ReceiverClass reputation) {
    this.webhook = webhook;
    this.usual = usual;
    this.receiverClass = new AtomicReference<>(reputation);
    this.concurrencyLimit = new AtomicInteger(usual);
  }

  ReceiverClass receiverClass() {
    return receiverClass.get();
  }

  void reclassify(ReceiverClass next) {
    receiverClass.set(next);
  }

  int held() {
    return reserved.get() + queued.size() + inFlight.get() + uncompleted.get();
  }

  boolean canStart() {
    return !queued.isEmpty() && inFlight.get() < concurrencyLimit.get();
  }

  boolean isRemovable() {
    return held() == 0 && concurrencyLimit.get() == usual;
  }

  void raiseConcurrencyLimit() {
    concurrencyLimit.updateAndGet(now -> Math.min(usual, 2 * now));
  }

  List<QueuedDelivery> drain() {
    List<QueuedDelivery> out = new ArrayList<>(queued);
    queued.clear();
    return out;
  }
}
