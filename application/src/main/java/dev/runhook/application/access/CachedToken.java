package dev.runhook.application.access;

import dev.runhook.domain.account.Grant;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/// A token that is in use, by ticks: when it was read from the store, when it was used last, and
/// which use the store has been told of. Of many writers the last one wins.
///
/// @param renewing held by whoever reads it again
record CachedToken(
    Grant grant,
    ReentrantLock refreshLock,
    AtomicLong loadedAt,
    AtomicLong lastUsedAt,
    AtomicLong lastSavedUse) {
  static CachedToken loaded(Grant grant, long at) {
    return new CachedToken(
        grant,
        new ReentrantLock(),
        new AtomicLong(at),
        new AtomicLong(at),
        new AtomicLong(at - 1)); // this use is not kept yet
  }

  boolean hasUnsavedUse() {
    return lastUsedAt.get() != lastSavedUse.get();
  }
}
