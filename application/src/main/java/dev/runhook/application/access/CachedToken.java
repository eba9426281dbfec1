package dev.runhook.application.access;

import dev.runhook.domain.account.Grant;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/// A token in the cache. Times are ticks. If several threads write a time, the last one wins.
///
/// @param refreshLock held while the token is loaded again
/// @param lastSavedUse the last use that was saved in the store
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
        new AtomicLong(at - 1)); // this use is not saved yet
  }

  boolean hasUnsavedUse() {
    return lastUsedAt.get() != lastSavedUse.get();
  }
}
