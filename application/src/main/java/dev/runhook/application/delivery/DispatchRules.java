package dev.runhook.application.delivery;

import dev.runhook.domain.delivery.RetrySchedule;
import dev.runhook.domain.webhook.Pace;
import dev.runhook.domain.webhook.PausePolicy;
import dev.runhook.domain.webhook.Webhook;
import java.time.Duration;

/// How the engine behaves.
///
/// @param schedule of webhooks that have none of their own
/// @param timeout of one attempt, connect to last byte; of webhooks that have none of their own
/// @param lease how long a taker may keep a delivery; longer than the longest attempt by [#MARGIN]
///   at least, so that nobody else sends it meanwhile. The longest attempt is that of the most
///   patient webhook there could be, not of those there are: so no choice of a person and no change
///   of the server's timeout can make an attempt outlast a lease
/// @param maxInFlight attempts under way at a time, in all
/// @param maxInFlightPerWebhook of one webhook
public record DispatchRules(
    RetrySchedule schedule,
    PausePolicy pausing,
    Duration timeout,
    Duration lease,
    int maxInFlight,
    int maxInFlightPerWebhook) {
  /// What a lease must leave beside the attempt itself for waiting in memory and settling.
  public static final Duration MARGIN = Duration.ofSeconds(10);

  public DispatchRules {
    Duration longest = longer(timeout, Pace.LONGEST_TIMEOUT);
    if (lease.compareTo(longest.plus(MARGIN)) < 0) {
      throw new IllegalArgumentException(
          "a lease of " + lease + " is too short for attempts of up to " + longest);
    }
    if (maxInFlightPerWebhook < 1 || maxInFlight < maxInFlightPerWebhook) {
      throw new IllegalArgumentException(
          "at least 1 attempt per webhook, and in all no fewer than that, not "
              + maxInFlightPerWebhook
              + " and "
              + maxInFlight);
    }
  }

  /// The rules with the usual lease for that timeout.
  public static DispatchRules of(RetrySchedule schedule, PausePolicy pausing, Duration timeout) {
    Duration lease =
        longer(timeout.plus(Duration.ofSeconds(20)), Pace.LONGEST_TIMEOUT.plus(MARGIN));
    return new DispatchRules(schedule, pausing, timeout, lease, 1024, 64);
  }

  public DispatchRules atMost(int inFlight, int perWebhook) {
    return new DispatchRules(schedule, pausing, timeout, lease, inFlight, perWebhook);
  }

  /// The webhook's own schedule, or the usual.
  RetrySchedule scheduleOf(Webhook webhook) {
    return webhook.settings().pace().waits().map(RetrySchedule::new).orElse(schedule);
  }

  /// How long an attempt for that webhook may take.
  Duration timeoutOf(Webhook webhook) {
    return webhook.settings().pace().timeoutOr(timeout);
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }
}
