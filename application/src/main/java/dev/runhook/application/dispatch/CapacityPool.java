package dev.runhook.application.dispatch;

import java.util.EnumMap;
import java.util.Map;

/// A pool of slots or bytes, of which each class of receivers can use a part. Failing webhooks can
/// use half of them; failing and unknown webhooks together, three quarters. Many hanging receivers
/// therefore leave slots for new webhooks, and both leave slots for healthy webhooks. Guarded by
/// the lock of the [FairQueue].
final class CapacityPool {
  private final long capacity;
  private final long maxForUnproven;
  private final long maxForFailing;
  private final Map<ReceiverClass, Long> used = new EnumMap<>(ReceiverClass.class);

  CapacityPool(long capacity) {
    this.capacity = capacity;
    this.maxForUnproven = capacity - capacity / 4;
    this.maxForFailing = capacity - capacity / 2;
  }

  boolean hasRoom(ReceiverClass receiverClass) {
    return free(receiverClass) > 0;
  }

  /// Failing webhooks may hold more than their part if they took the slots while they were healthy.
  /// The excess does not reduce the part of unknown webhooks.
  long free(ReceiverClass receiverClass) {
    long unknown = used(ReceiverClass.UNKNOWN);
    long failing = used(ReceiverClass.FAILING);
    long freeOfClass =
        switch (receiverClass) {
          case HEALTHY -> capacity;
          case UNKNOWN -> maxForUnproven - unknown - Math.min(failing, maxForFailing);
          case FAILING -> Math.min(maxForUnproven - unknown, maxForFailing) - failing;
        };
    long free = capacity - used(ReceiverClass.HEALTHY) - unknown - failing;
    return Math.max(0, Math.min(freeOfClass, free));
  }

  /// Returns whether enough is free that claiming more deliveries is worthwhile.
  boolean hasAmpleRoom(ReceiverClass receiverClass) {
    long max =
        switch (receiverClass) {
          case HEALTHY -> capacity;
          case UNKNOWN -> maxForUnproven;
          case FAILING -> maxForFailing;
        };
    return hasRoom(receiverClass) && free(receiverClass) >= max / 4;
  }

  void acquire(ReceiverClass receiverClass, long amount) {
    used.merge(receiverClass, amount, Long::sum);
  }

  void release(ReceiverClass receiverClass, long amount) {
    used.merge(receiverClass, -amount, Long::sum);
  }

  /// Moves what a webhook uses after its class has changed.
  void transfer(ReceiverClass from, ReceiverClass to, long amount) {
    release(from, amount);
    acquire(to, amount);
  }

  private long used(ReceiverClass receiverClass) {
    return used.getOrDefault(receiverClass, 0L);
  }
}
