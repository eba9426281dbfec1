package dev.runhook.application.dispatch;

import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;

/// Whose turn it is: webhooks of each reputation alternate, and among each the one that has waited
/// longest. Guarded by the queue's lock.
final class RoundRobin {
  private static final ReceiverClass[] ORDER = ReceiverClass.values();

  private final Map<ReceiverClass, Queue<WebhookQueue>> queues = new EnumMap<>(ReceiverClass.class);
  private final AtomicInteger turn = new AtomicInteger();

  RoundRobin() {
    for (ReceiverClass who : ORDER) {
      queues.put(who, new ArrayDeque<>());
    }
  }

  void add(WebhookQueue webhookQueue) {
    if (webhookQueue.inRotation.compareAndSet(false, true)) {
      queue(webhookQueue.receiverClass()).add(webhookQueue);
    }
  }

  void remove(WebhookQueue webhookQueue) {
    if (webhookQueue.inRotation.compareAndSet(true, false)) {
      queue(webhookQueue.receiverClass()).remove(webhookQueue);
    }
  }

  /// The next one for which there is room.
  Optional<WebhookQueue> next(CapacityPool capacityPool) {
    for (int tried = 0; tried < ORDER.length; tried++) {
      ReceiverClass who = ORDER[Math.floorMod(turn.getAndIncrement(), ORDER.length)];
      if (capacityPool.hasRoom(who) && !queue(who).isEmpty()) {
        WebhookQueue webhookQueue = queue(who).remove();
        webhookQueue.inRotation.set(false);
        return Optional.of(webhookQueue);
      }
    }
    return Optional.empty();
  }

  private Queue<WebhookQueue> queue(ReceiverClass who) {
    return Objects.requireNonNull(queues.get(who));
  }
}
