package dev.runhook.http.api;

import java.util.HashMap;
import java.util.Map;

/// A capacity, such as a number of connections or of bytes, that accounts, tokens or addresses
/// share. None of them can take all of it: each has at most its own share. Thread-safe.
///
/// @param <K> who uses the capacity
public final class SharedCapacity<K> {
  private final long total;
  private final long share;
  private final Map<K, Long> usedByKey = new HashMap<>();
  private long used;

  /// @param share the maximum for one key
  public SharedCapacity(long total, long share) {
    this.total = total;
    this.share = share;
  }

  /// Takes the amount, unless that would exceed the total or the share of the key.
  ///
  /// @return whether the amount was taken
  public synchronized boolean tryAcquire(K key, long amount) {
    if (amount == 0) {
      return true; // an entry for nothing would never be removed
    }
    long usedByThis = usedByKey.getOrDefault(key, 0L) + amount;
    if (used + amount > total || usedByThis > share) {
      return false;
    }
    used += amount;
    usedByKey.put(key, usedByThis);
    return true;
  }

  /// Returns an amount that was taken.
  public synchronized void release(K key, long amount) {
    used -= amount;
    usedByKey.computeIfPresent(key, (ignored, count) -> count > amount ? count - amount : null);
  }
}
