package dev.runhook.domain.webhook;

import java.time.Duration;
import java.util.List;

/// When a failing webhook is paused, and how long after a failed probe the next one is sent.
///
/// @param pauseAfter the number of consecutive failed attempts that pause a webhook, at least 1
/// @param probeDelays the delays after the 1st, 2nd … failed probe; the last one repeats
public record PausePolicy(int pauseAfter, List<Duration> probeDelays) {
  public PausePolicy {
    probeDelays = List.copyOf(probeDelays);
    if (pauseAfter < 1) {
      throw new IllegalArgumentException(
          "a webhook must be paused after at least 1 failed attempt, not " + pauseAfter);
    }
    if (probeDelays.isEmpty()) {
      throw new IllegalArgumentException("at least one probe delay is required");
    }
  }

  /// Returns the delay before the next probe after this number of consecutive failures.
  Duration probeDelay(int failures) {
    return probeDelays.get(Math.clamp(failures - pauseAfter, 0, probeDelays.size() - 1));
  }
}
