package dev.runhook.domain.webhook;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// How patient a webhook wants us to be with its receiver, where that is not the server's usual.
/// All durations are whole milliseconds.
///
/// @param timeout of one attempt, [#MIN_TIMEOUT] to [#MAX_TIMEOUT]; absent for the server's
/// @param waits after the 1st, 2nd … failed attempt: at most 20, each of 0 to 24 hours; absent for
///   the server's, empty for no retry at all
public record DeliverySettings(Optional<Duration> timeout, Optional<List<Duration>> retryDelays) {
  public static final Duration MIN_TIMEOUT = Duration.ofMillis(100);

  /// Whatever a webhook chooses, no attempt of it lasts longer; so leases can be long enough
  /// without knowing what was chosen.
  public static final Duration MAX_TIMEOUT = Duration.ofSeconds(30);

  private static final int MOST_WAITS = 20;
  private static final Duration LONGEST_WAIT = Duration.ofHours(24);
  private static final int NANOS_PER_MILLI = 1_000_000;

  public DeliverySettings {
    retryDelays = retryDelays.map(List::copyOf);
    timeout.ifPresent(it -> check("a timeout", it, MIN_TIMEOUT, MAX_TIMEOUT));
    retryDelays.ifPresent(DeliverySettings::check);
  }

  /// The server's in everything.
  public static DeliverySettings defaults() {
    return new DeliverySettings(Optional.empty(), Optional.empty());
  }

  public Duration timeoutOr(Duration usual) {
    return timeout.orElse(usual);
  }

  private static void check(List<Duration> waits) {
    if (waits.size() > MOST_WAITS) {
      throw new IllegalArgumentException(
          "a retry schedule has at most " + MOST_WAITS + " waits, not " + waits.size());
    }
    waits.forEach(wait -> check("a wait between attempts", wait, Duration.ZERO, LONGEST_WAIT));
  }

  private static void check(String what, Duration duration, Duration least, Duration most) {
    if (duration.compareTo(least) < 0 || duration.compareTo(most) > 0) {
      throw new IllegalArgumentException(
          what + " is " + least + " to " + most + ", not " + duration);
    }
    if (duration.toNanosPart() % NANOS_PER_MILLI != 0) {
      throw new IllegalArgumentException(what + " is in whole milliseconds, not " + duration);
    }
  }
}
