package dev.runhook.application.dispatch;

import java.util.EnumSet;
import java.util.Set;

/// The memory for the deliveries that a process holds: their number and their bytes. A class of
/// receivers has room while both have some, so the last delivery may exceed the bytes. Guarded by
/// the lock of the [FairQueue].
final class MemoryPool {
  /// The part of the bytes that one claim may load. A claim holds copies of what it loads.
  private static final int PARTS_PER_CLAIM = 16;

  private final CapacityPool slots;
  private final CapacityPool bytes;
  private final long maxBytesPerClaim;

  /// Classes for which there was no room, so the store may hold more of their deliveries.
  private final Set<ReceiverClass> overflowed = EnumSet.noneOf(ReceiverClass.class);

  MemoryPool(long maxSlots, long maxBytes) {
    this.slots = new CapacityPool(maxSlots);
    this.bytes = new CapacityPool(maxBytes);
    this.maxBytesPerClaim = Math.max(1, maxBytes / PARTS_PER_CLAIM);
  }

  /// Returns whether there is room, and remembers if there is none.
  boolean checkRoom(ReceiverClass receiverClass) {
    boolean hasRoom = hasRoom(receiverClass);
    if (!hasRoom) {
      overflowed.add(receiverClass);
    }
    return hasRoom;
  }

  /// Returns how many more deliveries of that class fit.
  int freeSlots(ReceiverClass receiverClass) {
    return hasRoom(receiverClass) ? (int) slots.free(receiverClass) : 0;
  }

  /// Returns whether every class is full.
  boolean isFull() {
    return !hasRoom(ReceiverClass.HEALTHY);
  }

  /// Returns how many bytes of that class one claim may load.
  long freeBytesForClaim(ReceiverClass receiverClass) {
    return Math.min(bytes.free(receiverClass), maxBytesPerClaim);
  }

  void acquire(ReceiverClass receiverClass, int deliveries, long size) {
    slots.acquire(receiverClass, deliveries);
    bytes.acquire(receiverClass, size);
  }

  void release(ReceiverClass receiverClass, int deliveries, long size) {
    slots.release(receiverClass, deliveries);
    bytes.release(receiverClass, size);
  }

  /// Moves what a webhook holds after its class has changed.
  void transfer(ReceiverClass from, ReceiverClass to, int deliveries, long size) {
    slots.transfer(from, to, deliveries);
    bytes.transfer(from, to, size);
  }

  /// Returns whether a class had no room and now has enough that claiming its deliveries is
  /// worthwhile. The next call does not return this again.
  boolean removeOverflow() {
    return overflowed.removeIf(
        receiverClass -> slots.hasAmpleRoom(receiverClass) && bytes.hasAmpleRoom(receiverClass));
  }

  private boolean hasRoom(ReceiverClass receiverClass) {
    return slots.hasRoom(receiverClass) && bytes.hasRoom(receiverClass);
  }
}
