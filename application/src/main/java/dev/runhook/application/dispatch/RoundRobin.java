package dev.runhook.application.dispatch;

import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;

/// Decides which webhook may send next. Classes of receivers alternate; within a class, the webhook
/// that has waited longest is next. Guarded by the lock of the [FairQueue].
final class RoundRobin {
  private static final ReceiverClass[] ORDER = ReceiverClass.values();

  private final Map<ReceiverClass, Queue<WebhookQueue>> waiting =
      new EnumMap<>(ReceiverClass.class);
  private int turn;

  RoundRobin() {
    for (ReceiverClass receiverClass : ORDER) {
      waiting.put(receiverClass, new ArrayDeque<>());
    }
  }

  void add(WebhookQueue queue) {
    if (!queue.inRotation) {
      queue.inRotation = true;
      waiting(queue.receiverClass).add(queue);
    }
  }

  void remove(WebhookQueue queue) {
    if (queue.inRotation) {
      queue.inRotation = false;
      waiting(queue.receiverClass).remove(queue);
    }
  }

  /// Returns the next webhook queue whose class has a free slot.
  Optional<WebhookQueue> next(CapacityPool inFlight) {
    for (int i = 0; i < ORDER.length; i++) {
      ReceiverClass receiverClass = ORDER[turn];
      turn = (turn + 1) % ORDER.length;
      if (inFlight.hasRoom(receiverClass) && !waiting(receiverClass).isEmpty()) {
        WebhookQueue queue = waiting(receiverClass).remove();
        queue.inRotation = false;
        return Optional.of(queue);
      }
    }
    return Optional.empty();
  }

  private Queue<WebhookQueue> waiting(ReceiverClass receiverClass) {
    return Objects.requireNonNull(waiting.get(receiverClass));
  }
}
