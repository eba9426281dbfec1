package dev.runhook.domain.delivery;

import java.time.Duration;
import java.time.Instant;

/// One try to deliver, as it ended.
///
/// @param number 1, 2, 3 …
/// @param took from the start to the outcome
public record Attempt(int number, Instant startedAt, Duration took, Outcome outcome) {}
