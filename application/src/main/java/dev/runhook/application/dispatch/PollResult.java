package dev.runhook.application.dispatch;

import java.time.Duration;
import java.util.Optional;

/// The result of one poll.
///
/// @param claimed how many deliveries were claimed
/// @param limitReached whether the claim returned as many deliveries as requested, so more may be
///   due
/// @param timeUntilNextDue how long until there may be work; absent if no delivery is open
public record PollResult(int claimed, boolean limitReached, Optional<Duration> timeUntilNextDue) {}
