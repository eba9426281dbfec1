package dev.runhook.application.query;

import static java.util.Comparator.comparing;

import dev.runhook.domain.assessment.HealthSummary;
import dev.runhook.domain.assessment.WebhookActivity;
import dev.runhook.domain.webhook.Webhook;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/// How well the webhooks of an account work.
///
/// @param needingAttention the webhooks that need an action, the most urgent first, at most
///   [#MAX_WEBHOOKS]
/// @param unavailableBuckets whose webhooks are missing
public record AccountHealth(
    HealthSummary health, List<ActiveWebhook> needingAttention, List<Integer> unavailableBuckets) {
  public static final int MAX_WEBHOOKS = 500;

  public AccountHealth {
    needingAttention = List.copyOf(needingAttention);
    unavailableBuckets = List.copyOf(unavailableBuckets);
  }

  /// A webhook and what happens to its deliveries.
  public record ActiveWebhook(Webhook webhook, WebhookActivity activity, HealthSummary health) {
    public ActiveWebhook(Webhook webhook, WebhookActivity activity) {
      this(webhook, activity, HealthSummary.of(webhook, activity));
    }
  }

  public static AccountHealth of(Collection<ActiveWebhook> webhooks, Instant now) {
    HealthSummary health =
        webhooks.stream()
            .map(ActiveWebhook::health)
            .reduce(HealthSummary.none(now), HealthSummary::plus);
    return new AccountHealth(health, mostUrgent(webhooks.stream()), List.of());
  }

  private static List<ActiveWebhook> mostUrgent(Stream<ActiveWebhook> webhooks) {
    return webhooks
        .filter(each -> each.health().needsAttention())
        .sorted(comparing(ActiveWebhook::health, HealthSummary.MOST_URGENT_FIRST))
        .limit(MAX_WEBHOOKS)
        .toList();
  }

  /// Returns how well the webhooks of both work, of buckets that are available.
  public AccountHealth plus(AccountHealth other) {
    return new AccountHealth(
        health.plus(other.health),
        mostUrgent(Stream.concat(needingAttention.stream(), other.needingAttention.stream())),
        List.of());
  }

  public AccountHealth withUnavailableBuckets(List<Integer> buckets) {
    return new AccountHealth(health, needingAttention, buckets);
  }
}
