package dev.runhook.application.dispatch;

import java.util.EnumSet;
import java.util.Set;

/// Remembers for whom there was no room, so that the store holds more of them. Guarded by the
/// queue's lock.
final class Overflow {
  private final CapacityPool capacityPool;
  private final Set<ReceiverClass> over = EnumSet.noneOf(ReceiverClass.class);

  Overflow(CapacityPool room) {
    this.capacityPool = room;
  }

  void mark(ReceiverClass who) {
    over.add(who);
  }

  void markFull() {
    for (ReceiverClass who : ReceiverClass.values()) {
      if (!capacityPool.hasRoom(who)) {
        mark(who);
      }
    }
  }

  /// Whether there is room again for some of them, who are forgotten then.
  boolean clearWhereRoom() {
    return over.removeIf(capacityPool::hasAmpleRoom);
  }
}
