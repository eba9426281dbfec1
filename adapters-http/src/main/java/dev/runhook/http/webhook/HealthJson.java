package dev.runhook.http.webhook;

import dev.runhook.domain.assessment.Assessment;
import dev.runhook.domain.assessment.WebhookActivity;
import dev.runhook.domain.assessment.WebhookActivity.RecentDeliveries;
import dev.runhook.domain.webhook.Webhook;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// How well a webhook works.
///
/// @param oldestPendingAt when the oldest pending delivery was created; null if there is none
/// @param recent of the last 24 hours
record HealthJson(
    Assessment.Verdict verdict,
    Assessment.Cause cause,
    Optional<Instant> since,
    Optional<String> detail,
    boolean needsAttention,
    Optional<Instant> oldestPendingAt,
    RecentJson recent) {
  static HealthJson of(Webhook webhook, WebhookActivity activity) {
    Assessment assessment = Assessment.of(webhook, activity);
    return new HealthJson(
        assessment.verdict(),
        assessment.cause(),
        assessment.since(),
        assessment.detail(),
        assessment.needsAttention(activity),
        activity.oldestPending(),
        RecentJson.of(activity.recent()));
  }

  /// The newest finished deliveries.
  ///
  /// @param p50Ms from creation to delivery; null, like `p99Ms`, if nothing was delivered
  record RecentJson(
      int total, int delivered, int deliveredAtFirst, Optional<Long> p50Ms, Optional<Long> p99Ms) {
    static RecentJson of(RecentDeliveries recent) {
      return new RecentJson(
          recent.total(),
          recent.delivered(),
          recent.deliveredAtFirst(),
          recent.median().map(Duration::toMillis),
          recent.p99().map(Duration::toMillis));
    }
  }
}
