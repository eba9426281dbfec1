package dev.runhook.application.query;

/// The number of copies of an account webhook by their health.
public record CopyCount(int active, int paused, int disabled) {
  public static CopyCount none() {
    return new CopyCount(0, 0, 0);
  }

  /// Returns the counts of two buckets together.
  public CopyCount plus(CopyCount other) {
    return new CopyCount(active + other.active, paused + other.paused, disabled + other.disabled);
  }
}
