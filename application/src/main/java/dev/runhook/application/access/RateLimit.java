package dev.runhook.application.access;

import java.time.Duration;

/// A rate limit and what is left of it. Durations are in whole seconds.
///
/// @param quota the permits of a full bucket
/// @param window the time in which an empty bucket becomes full
/// @param remaining the permits that are left
/// @param reset the time until the bucket is full
public record RateLimit(long quota, Duration window, long remaining, Duration reset) {}
