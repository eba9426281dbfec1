package dev.runhook.http.webhook;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.runhook.domain.assessment.Assessment;
import dev.runhook.domain.assessment.Assessment.Cause;
import dev.runhook.domain.assessment.Assessment.Verdict;
import dev.runhook.domain.assessment.HealthSummary;
import dev.runhook.domain.assessment.Trend;
import dev.runhook.domain.assessment.WebhookActivity.LatestResult;
import dev.runhook.domain.assessment.WebhookActivity.RecentDeliveries;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// How well a webhook works.
///
/// @param oldestPendingAt when the oldest pending delivery was created; null if there is none
/// @param lastResult null if nothing was sent
/// @param recent of the last 24 hours
public record HealthJson(
    Verdict verdict,
    Cause cause,
    Optional<Instant> since,
    Optional<String> detail,
    boolean needsAttention,
    int pendingDeliveries,
    int failedDeliveries,
    Optional<Instant> oldestPendingAt,
    Optional<LatestResult> lastResult,
    RecentJson recent,
    TrendJson trend) {
  static HealthJson of(HealthSummary health) {
    Assessment worst = health.worst();
    return new HealthJson(
        worst.verdict(),
        worst.cause(),
        worst.since(),
        worst.detail(),
        health.needsAttention(),
        health.pendingDeliveries(),
        health.failedDeliveries(),
        health.oldestPending(),
        health.latestResult(),
        RecentJson.of(health.recent()),
        TrendJson.of(health.trend()));
  }

  /// The newest finished deliveries.
  ///
  /// @param successRate null, like the times, if nothing was delivered
  /// @param p50Ms from creation to delivery
  record RecentJson(
      int total,
      int delivered,
      int deliveredAtFirst,
      Optional<Double> successRate,
      Optional<Long> p50Ms,
      Optional<Long> p99Ms) {
    static RecentJson of(RecentDeliveries recent) {
      return new RecentJson(
          recent.total(),
          recent.delivered(),
          recent.deliveredAtFirst(),
          recent.successRate(),
          recent.median().map(Duration::toMillis),
          recent.p99().map(Duration::toMillis));
    }
  }

  /// The deliveries of the last 24 hours.
  ///
  /// @param step the length of an interval
  record TrendJson(Instant from, Duration step, List<Integer> delivered, List<Integer> failed) {
    static TrendJson of(Trend trend) {
      return new TrendJson(trend.from(), Trend.STEP, trend.delivered(), trend.failed());
    }
  }

  /// How well the webhooks of a stack or of an account work.
  ///
  /// @param verdicts how many have each verdict
  /// @param needingAttention how many webhooks need attention
  /// @param causes how many of these have each cause; without those that none has
  public record OfWebhooks(
      @JsonUnwrapped HealthJson health,
      int webhooks,
      Map<Verdict, Integer> verdicts,
      int needingAttention,
      Map<Cause, Integer> causes) {
    public static OfWebhooks of(HealthSummary health) {
      Map<Verdict, Integer> verdicts = new EnumMap<>(Verdict.class);
      for (Verdict verdict : Verdict.values()) {
        verdicts.put(verdict, health.count(verdict));
      }
      Map<Cause, Integer> causes = new EnumMap<>(Cause.class);
      causes.putAll(health.causes());
      return new OfWebhooks(
          HealthJson.of(health), health.webhooks(), verdicts, health.needingAttention(), causes);
    }
  }
}
