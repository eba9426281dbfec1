package dev.runhook.domain.webhook;

import java.time.Duration;
import java.util.List;

/// When a failing webhook is paused, and how long after each failed probe the next one follows.
///
/// @param pauseAfter failed attempts in a row that pause it, at least 1
/// @param probes waits after the 1st, 2nd … failed probe; the last one repeats
public record PausePolicy(int pauseAfter, List<Duration> probeDelays) {
  public PausePolicy {
    probeDelays = List.copyOf(probeDelays);
    if (pauseAfter < 1) {
      throw new IllegalArgumentException(
          "a webhook is paused after at least 1 failed attempt, not " + pauseAfter);
    }
    if (probeDelays.isEmpty()) {
      throw new IllegalArgumentException("probes need at least one wait between them");
    }
  }

  /// How long to wait for the next probe after so many failures in a row.
  Duration probeDelay(int failures) {
    return probeDelays.get(Math.clamp(failures - pauseAfter, 0, probeDelays.size() - 1));
  }
}
