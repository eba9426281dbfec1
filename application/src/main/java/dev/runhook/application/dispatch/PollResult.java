package dev.runhook.application.dispatch;

import java.time.Duration;
import java.util.Optional;

/// What one round did.
///
/// @param claimed how many deliveries it took
/// @param full whether it took as many as it had asked for, so that there may be more at once
/// @param untilNextDue how long until there may be something to do; absent where nothing is open
public record PollResult(int claimed, boolean limitReached, Optional<Duration> timeUntilNextDue) {}
