package dev.runhook.application.query;

import java.time.Instant;

/// How many transitions a webhook did not get for one reason.
///
/// @param since the beginning of the period that was counted
public record SkipCount(int count, Instant since) {}
