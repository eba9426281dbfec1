package dev.runhook.domain.assessment;

import static java.util.Comparator.comparingInt;
import static java.util.Comparator.naturalOrder;

import dev.runhook.domain.assessment.Assessment.Cause;
import dev.runhook.domain.assessment.Assessment.Verdict;
import dev.runhook.domain.assessment.WebhookActivity.LatestResult;
import dev.runhook.domain.assessment.WebhookActivity.RecentDeliveries;
import dev.runhook.domain.webhook.Webhook;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BinaryOperator;
import java.util.stream.Stream;

/// How well the webhooks of a stack or of an account work together, or a single one. The verdict is
/// that of the most urgent webhook that needs attention, if there is one.
///
/// @param worst the assessment of that webhook. Its `since` is the earliest of the webhooks that
///   need attention; without any, the latest of the webhooks with this verdict
/// @param needingAttention how many webhooks need an action
/// @param verdicts how many webhooks have each verdict
/// @param causes how many webhooks that need attention have each cause
/// @param pendingDeliveries the sum, of at most [WebhookActivity#MAX_COUNTED] of each webhook, like
///   `failedDeliveries`
/// @param recent the sums, and the longest times of a webhook
public record HealthSummary(
    Assessment worst,
    int needingAttention,
    Map<Verdict, Integer> verdicts,
    Map<Cause, Integer> causes,
    int pendingDeliveries,
    int failedDeliveries,
    Optional<Instant> oldestPending,
    Optional<LatestResult> latestResult,
    RecentDeliveries recent,
    Trend trend) {
  /// By the verdict, then by the number of deliveries that have failed or wait.
  public static final Comparator<HealthSummary> MOST_URGENT_FIRST =
      comparingInt(HealthSummary::urgency)
          .thenComparing(
              comparingInt(
                      (HealthSummary health) -> health.failedDeliveries + health.pendingDeliveries)
                  .reversed());

  public HealthSummary {
    verdicts = Map.copyOf(verdicts);
    causes = Map.copyOf(causes);
  }

  /// Returns the summary of no webhooks.
  public static HealthSummary none(Instant now) {
    return new HealthSummary(
        Assessment.none(),
        0,
        Map.of(),
        Map.of(),
        0,
        0,
        Optional.empty(),
        Optional.empty(),
        RecentDeliveries.none(),
        Trend.none(now));
  }

  public static HealthSummary of(Webhook webhook, WebhookActivity activity) {
    Assessment assessment = Assessment.of(webhook, activity);
    boolean needsAttention = assessment.needsAttention(activity);
    return new HealthSummary(
        assessment,
        needsAttention ? 1 : 0,
        Map.of(assessment.verdict(), 1),
        needsAttention ? Map.of(assessment.cause(), 1) : Map.of(),
        activity.pendingDeliveries(),
        activity.failedDeliveries(),
        activity.oldestPending(),
        activity.latestResult(),
        activity.recent(),
        activity.trend());
  }

  public boolean needsAttention() {
    return needingAttention > 0;
  }

  /// Returns the number of webhooks.
  public int webhooks() {
    return verdicts.values().stream().mapToInt(count -> count).sum();
  }

  public int count(Verdict verdict) {
    return verdicts.getOrDefault(verdict, 0);
  }

  /// Returns the summary of the webhooks of both.
  public HealthSummary plus(HealthSummary other) {
    return new HealthSummary(
        worstOf(other),
        needingAttention + other.needingAttention,
        sum(Verdict.class, verdicts, other.verdicts),
        sum(Cause.class, causes, other.causes),
        pendingDeliveries + other.pendingDeliveries,
        failedDeliveries + other.failedDeliveries,
        either(oldestPending, other.oldestPending, BinaryOperator.minBy(naturalOrder())),
        either(
            latestResult,
            other.latestResult,
            BinaryOperator.maxBy(Comparator.comparing(LatestResult::at))),
        recent.plus(other.recent),
        trend.plus(other.trend));
  }

  private Assessment worstOf(HealthSummary other) {
    Assessment worse = urgency() <= other.urgency() ? worst : other.worst;
    BinaryOperator<Instant> choice;
    if (needsAttention() && other.needsAttention()) {
      choice = BinaryOperator.minBy(naturalOrder());
    } else if (worst.verdict() == other.worst.verdict()
        && needsAttention() == other.needsAttention()) {
      choice = BinaryOperator.maxBy(naturalOrder());
    } else {
      return worse;
    }
    return worse.withSince(either(worst.since(), other.worst.since(), choice));
  }

  /// The most urgent has the smallest number. What needs no attention says the most if deliveries
  /// arrive.
  private int urgency() {
    int first = needsAttention() ? 0 : Verdict.values().length;
    return first
        + switch (worst.verdict()) {
          case FAILING -> 0;
          case PAUSED -> 1;
          case DISABLED -> needsAttention() ? 2 : 6;
          case DEGRADED -> 3;
          case HEALTHY -> 4;
          case IDLE -> webhooks() > 0 ? 5 : 7;
        };
  }

  private static <T> Optional<T> either(
      Optional<T> one, Optional<T> other, BinaryOperator<T> choice) {
    return Stream.of(one, other).flatMap(Optional::stream).reduce(choice);
  }

  private static <K extends Enum<K>> Map<K, Integer> sum(
      Class<K> type, Map<K, Integer> one, Map<K, Integer> other) {
    Map<K, Integer> sums = new EnumMap<>(type);
    sums.putAll(one);
    other.forEach((key, count) -> sums.merge(key, count, Integer::sum));
    return sums;
  }
}
