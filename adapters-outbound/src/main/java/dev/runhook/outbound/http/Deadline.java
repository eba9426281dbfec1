package dev.runhook.outbound.http;

import java.time.Duration;

/// The moment by which an exchange is over.
public record Deadline(long nanoTime) {
  private static final Duration LEAST = Duration.ofMillis(1);

  static Deadline after(Duration timeout) {
    return new Deadline(System.nanoTime() + timeout.toNanos());
  }

  boolean hasPassed() {
    return nanoTime - System.nanoTime() <= 0;
  }

  /// The time until then, a millisecond at least: the HTTP client takes no less.
  public Duration remaining() {
    Duration left = Duration.ofNanos(nanoTime - System.nanoTime());
    return left.compareTo(LEAST) < 0 ? LEAST : left;
  }
}
