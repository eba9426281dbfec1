package dev.runhook.application.dispatch;

import dev.runhook.application.dispatch.FairQueue.QueuedDelivery;
import dev.runhook.domain.webhook.WebhookId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/// The deliveries of one webhook in a [FairQueue]. Guarded by the lock of the queue.
final class WebhookQueue {
  final WebhookId webhook;
  final Queue<QueuedDelivery> queued = new ArrayDeque<>();
  int reserved;
  int inFlight;

  /// The number of attempts that have ended but are not completed.
  int uncompleted;

  /// The size of all deliveries that are held.
  long bytes;

  /// The maximum number of attempts in flight, which is lower while the webhook ramps up.
  int concurrencyLimit;

  /// Whether the webhook waits for its turn.
  boolean inRotation;

  /// Whether the store may hold more deliveries because there was no room for them.
  boolean overflowed;

  ReceiverClass receiverClass;
  private final int maxInFlight;

  WebhookQueue(WebhookId webhook, int maxInFlight, ReceiverClass receiverClass) {
    this.webhook = webhook;
    this.maxInFlight = maxInFlight;
    this.receiverClass = receiverClass;
    this.concurrencyLimit = maxInFlight;
  }

  int held() {
    return reserved + queued.size() + inFlight + uncompleted;
  }

  boolean canStart() {
    return !queued.isEmpty() && inFlight < concurrencyLimit;
  }

  boolean isRemovable() {
    return held() == 0 && concurrencyLimit == maxInFlight;
  }

  void raiseConcurrencyLimit() {
    concurrencyLimit = Math.min(maxInFlight, 2 * concurrencyLimit);
  }

  List<QueuedDelivery> drain() {
    List<QueuedDelivery> drained = new ArrayList<>(queued);
    queued.clear();
    return drained;
  }
}
