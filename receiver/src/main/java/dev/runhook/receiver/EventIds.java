package dev.runhook.receiver;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// The ids of the latest processed events, up to a capacity. Thread-safe.
final class EventIds {
  private final int capacity;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition ended = lock.newCondition();
  private final Set<String> running = new HashSet<>();
  private final Set<String> processed = new LinkedHashSet<>();

  EventIds(int capacity) {
    if (capacity < 1) {
      throw new IllegalArgumentException("at least one event must be remembered");
    }
    this.capacity = capacity;
  }

  int capacity() {
    return capacity;
  }

  /// Claims an id for processing, unless it has been processed. Waits while another thread has
  /// claimed it. Call [#end] after the processing if this returns true.
  boolean start(String id) {
    lock.lock();
    try {
      while (running.contains(id)) {
        ended.awaitUninterruptibly();
      }
      return !processed.contains(id) && running.add(id);
    } finally {
      lock.unlock();
    }
  }

  /// Ends a claim.
  ///
  /// @param succeeded whether the event counts as processed
  void end(String id, boolean succeeded) {
    lock.lock();
    try {
      running.remove(id);
      if (succeeded) {
        processed.add(id);
        removeOldest();
      }
      ended.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void removeOldest() {
    if (processed.size() > capacity) {
      processed.remove(processed.iterator().next());
    }
  }
}
