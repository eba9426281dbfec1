package dev.runhook.systemtests.fault;

import java.time.Duration;

/// What a [FaultProxy] does to the traffic through it.
sealed interface Fault {
  /// Forwards everything.
  record None() implements Fault {}

  /// Delays everything, in both directions.
  record Latency(Duration delay) implements Fault {}

  /// Limits each direction of each connection to a number of bytes per second.
  record Bandwidth(int bytesPerSecond) implements Fault {}

  /// Resets all existing connections, and each new one when it is opened.
  record Reset() implements Fault {}

  /// Holds all traffic without an error and forwards it when the fault ends.
  record BlackHole() implements Fault {}

  /// Accepts new connections and never forwards them; existing connections continue.
  record HalfOpen() implements Fault {}

  /// Closes each connection after a number of bytes in one direction.
  record CutAfter(int bytes) implements Fault {}
}
