package dev.runhook.application.delivery;

import java.util.concurrent.atomic.AtomicInteger;

/// How much there is room for, in all, and of it for webhooks that have not proven themselves: the
/// last quarter is for those whose last attempt was delivered. So a crowd of receivers that hang
/// can never take all of it. Guarded by the queue's lock.
final class Room {
  private final int all;
  private final int forUnproven;
  private final AtomicInteger taken = new AtomicInteger();
  private final AtomicInteger takenByUnproven = new AtomicInteger();

  Room(int all) {
    this.all = all;
    this.forUnproven = all - all / 4;
  }

  boolean isThereFor(boolean proven) {
    return taken.get() < all && (proven || takenByUnproven.get() < forUnproven);
  }

  void take(boolean proven) {
    move(proven, 1);
  }

  void leave(boolean proven) {
    move(proven, -1);
  }

  void leave(boolean proven, int many) {
    move(proven, -many);
  }

  /// One that holds so much has proven itself, or lost its good name.
  void changeStanding(boolean provenNow, int many) {
    takenByUnproven.addAndGet(provenNow ? -many : many);
  }

  /// How much anybody can still take, whoever it is.
  int free() {
    return Math.max(0, Math.min(all - taken.get(), forUnproven - takenByUnproven.get()));
  }

  boolean isAtLeastAQuarterFree() {
    return free() > 0 && free() >= all / 4;
  }

  private void move(boolean proven, int many) {
    taken.addAndGet(many);
    if (!proven) {
      takenByUnproven.addAndGet(many);
    }
  }
}
