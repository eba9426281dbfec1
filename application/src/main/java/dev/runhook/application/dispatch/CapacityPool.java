package dev.runhook.application.dispatch;

import java.util.EnumMap;
import java.util.Map;

/// A pool of slots, of which each class of receivers can use a part. Failing webhooks can use half
/// of the slots; failing and unknown webhooks together, three quarters. Many hanging receivers
/// therefore leave slots for new webhooks, and both leave slots for healthy webhooks. Guarded by
/// the lock of the [FairQueue].
final class CapacityPool {
  private final int capacity;
  private final int maxForUnproven;
  private final int maxForFailing;
  private final Map<ReceiverClass, Integer> used = new EnumMap<>(ReceiverClass.class);

  CapacityPool(int capacity) {
    this.capacity = capacity;
    this.maxForUnproven = capacity - capacity / 4;
    this.maxForFailing = capacity - capacity / 2;
  }

  boolean hasRoom(ReceiverClass receiverClass) {
    return freeSlots(receiverClass) > 0;
  }

  /// Failing webhooks may hold more than their part if they took the slots while they were healthy.
  /// The excess does not reduce the part of unknown webhooks.
  int freeSlots(ReceiverClass receiverClass) {
    int unknown = used(ReceiverClass.UNKNOWN);
    int failing = used(ReceiverClass.FAILING);
    int freeOfClass =
        switch (receiverClass) {
          case HEALTHY -> capacity;
          case UNKNOWN -> maxForUnproven - unknown - Math.min(failing, maxForFailing);
          case FAILING -> Math.min(maxForUnproven - unknown, maxForFailing) - failing;
        };
    int free = capacity - used(ReceiverClass.HEALTHY) - unknown - failing;
    return Math.max(0, Math.min(freeOfClass, free));
  }

  /// Returns whether enough slots are free that claiming more deliveries is worthwhile.
  boolean hasAmpleRoom(ReceiverClass receiverClass) {
    int max =
        switch (receiverClass) {
          case HEALTHY -> capacity;
          case UNKNOWN -> maxForUnproven;
          case FAILING -> maxForFailing;
        };
    return hasRoom(receiverClass) && freeSlots(receiverClass) >= max / 4;
  }

  void acquire(ReceiverClass receiverClass) {
    used.merge(receiverClass, 1, Integer::sum);
  }

  void release(ReceiverClass receiverClass, int slots) {
    used.merge(receiverClass, -slots, Integer::sum);
  }

  /// Moves slots of a webhook whose class has changed.
  void transfer(ReceiverClass from, ReceiverClass to, int slots) {
    release(from, slots);
    used.merge(to, slots, Integer::sum);
  }

  private int used(ReceiverClass receiverClass) {
    return used.getOrDefault(receiverClass, 0);
  }
}
