package dev.runhook.application.access;

import dev.runhook.domain.account.Grant;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/// A token that is in use, by ticks: when it was read from the store, when it was used last, and
/// which use the store has been told of. Of many writers the last one wins.
///
/// @param renewing held by whoever reads it again
record Known(
    Grant grant, ReentrantLock renewing, AtomicLong readAt, AtomicLong usedAt, AtomicLong keptUse) {
  static Known readAndUsed(Grant grant, long at) {
    return new Known(
        grant,
        new ReentrantLock(),
        new AtomicLong(at),
        new AtomicLong(at),
        new AtomicLong(at - 1)); // this use is not kept yet
  }

  boolean isUsedSinceKept() {
    return usedAt.get() != keptUse.get();
  }
}
