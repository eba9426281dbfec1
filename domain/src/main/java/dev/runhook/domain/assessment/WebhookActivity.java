package dev.runhook.domain.assessment;

import static java.util.Comparator.naturalOrder;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/// What a webhook has done recently.
///
/// @param at when this was read, by the store's clock
/// @param lastSuccess when one of its newest deliveries was delivered last
/// @param lastFailure when an attempt last counted as a failure of the webhook
/// @param pendingDeliveries the number of open deliveries, at most [#MAX_COUNTED]
/// @param oldestPending when the oldest open delivery was created; one of the oldest if more than
///   [#MAX_COUNTED] lanes have one
/// @param repeatedlyFailed how many open deliveries have failed at least twice, at most
///   [#MAX_COUNTED]
/// @param failedDeliveries the number of deliveries that were created within [#PERIOD], have failed
///   permanently and were not sent again since, at most [#MAX_COUNTED]
/// @param firstAttempts of its newest deliveries
/// @param recent its newest finished deliveries
public record WebhookActivity(
    Instant at,
    Optional<Instant> lastSuccess,
    Optional<Instant> lastFailure,
    int pendingDeliveries,
    Optional<Instant> oldestPending,
    int repeatedlyFailed,
    int failedDeliveries,
    FirstAttempts firstAttempts,
    RecentDeliveries recent,
    Trend trend) {
  /// Bounds the cost of the counts.
  public static final int MAX_COUNTED = 1_000;

  public static final Duration PERIOD = Duration.ofHours(24);

  /// The first attempts of the newest deliveries, at most [#MAX], that were created within
  /// [#PERIOD]. Their share of failures says whether a webhook is healthy, however its last attempt
  /// ended.
  ///
  /// @param total the number of deliveries with a finished attempt
  /// @param failed how many of these failed at first
  public record FirstAttempts(int total, int failed) {
    public static final int MAX = 50;
    public static final Duration PERIOD = Duration.ofHours(1);

    /// Returns the share of failures, from 0 to 1.
    double errorRate() {
      return total == 0 ? 0 : (double) failed / total;
    }
  }

  /// The newest finished deliveries, at most [#MAX], that were created within
  /// [WebhookActivity#PERIOD].
  ///
  /// @param deliveredAtFirst how many were delivered at the first attempt
  /// @param median from the creation of a delivery until it was delivered; absent, like `p99`, if
  ///   none was
  public record RecentDeliveries(
      int total,
      int delivered,
      int deliveredAtFirst,
      Optional<Duration> median,
      Optional<Duration> p99) {
    public static final int MAX = 100;

    static RecentDeliveries none() {
      return new RecentDeliveries(0, 0, 0, Optional.empty(), Optional.empty());
    }

    /// Returns the share that was delivered, from 0 to 1; absent if there are none.
    public Optional<Double> successRate() {
      return total == 0 ? Optional.empty() : Optional.of((double) delivered / total);
    }

    /// Returns the sums of both, and the longer times.
    RecentDeliveries plus(RecentDeliveries other) {
      return new RecentDeliveries(
          total + other.total,
          delivered + other.delivered,
          deliveredAtFirst + other.deliveredAtFirst,
          longer(median, other.median),
          longer(p99, other.p99));
    }

    private static Optional<Duration> longer(Optional<Duration> one, Optional<Duration> other) {
      return Stream.of(one, other).flatMap(Optional::stream).max(naturalOrder());
    }
  }

  /// How the latest attempt ended that is known.
  public record LatestResult(Instant at, boolean delivered) {}

  Optional<LatestResult> latestResult() {
    return Stream.concat(
            lastFailure.map(failed -> new LatestResult(failed, false)).stream(),
            lastSuccess.map(succeeded -> new LatestResult(succeeded, true)).stream())
        .max(Comparator.comparing(LatestResult::at));
  }

  /// Returns the activity of a new webhook.
  public static WebhookActivity none(Instant at) {
    return new WebhookActivity(
        at,
        Optional.empty(),
        Optional.empty(),
        0,
        Optional.empty(),
        0,
        0,
        new FirstAttempts(0, 0),
        RecentDeliveries.none(),
        Trend.none(at));
  }
}
