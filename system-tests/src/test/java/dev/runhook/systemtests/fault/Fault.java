package dev.runhook.systemtests.fault;

import java.time.Duration;

/// What a [FaultProxy] does to what passes through it.
sealed interface Fault {
  /// Everything passes.
  record None() implements Fault {}

  /// Everything passes later, in both directions.
  record Latency(Duration delay) implements Fault {}

  /// So much passes each second, in each direction of each connection.
  record Bandwidth(int bytesPerSecond) implements Fault {}

  /// Every connection is reset at once, and new ones as soon as they are made.
  record Reset() implements Fault {}

  /// Nothing passes and nobody is told; what was under way passes when this is over.
  record BlackHole() implements Fault {}

  /// New connections are accepted and lead nowhere, for good; those that were there go on.
  record HalfOpen() implements Fault {}

  /// Each connection ends after so many bytes in one direction.
  record CutAfter(int bytes) implements Fault {}
}
