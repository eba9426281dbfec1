package dev.runhook.application.delivery;

import dev.runhook.application.spi.Parcel;
import dev.runhook.application.spi.Settlement;
import dev.runhook.domain.delivery.Answer;
import dev.runhook.domain.delivery.Attempt;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.delivery.Fate;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.PausePolicy;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import java.time.Instant;

/// A parcel after its attempt.
///
/// @param endedAt the tick at which the attempt had ended
record Sent(Parcel parcel, Attempt attempt, Fate fate, long endedAt) {
  private static final int GONE = 410;

  Settlement settlement() {
    return new Settlement(parcel.lease(), attempt, fate);
  }

  DeliveryId delivery() {
    return parcel.lease().delivery();
  }

  WebhookId webhook() {
    return parcel.webhook().id();
  }

  /// Whether it is over with this delivery, so that its lane goes on.
  boolean isFinished() {
    return !(fate instanceof Fate.Retried);
  }

  /// Whether the attempt speaks against the receiver; a fault of ours does not.
  boolean speaksAgainst() {
    return !attempt.outcome().isDelivered() && !(attempt.outcome() instanceof Outcome.Faulted);
  }

  /// The webhook after this attempt.
  ///
  /// @param now by the store's clock
  Webhook judge(Webhook webhook, Instant now, PausePolicy pausing) {
    Outcome outcome = attempt.outcome();
    if (outcome.isDelivered()) {
      return webhook.succeeded();
    }
    if (!speaksAgainst()) {
      return webhook;
    }
    if (outcome instanceof Outcome.Answered(Answer answer, _) && answer.status() == GONE) {
      return webhook.gone(now);
    }
    String reason = outcome.error().orElse(outcome.code().name());
    boolean probe = parcel.webhook().health() instanceof Health.Paused;
    return probe ? webhook.probeFailed(now, reason, pausing) : webhook.failed(now, reason, pausing);
  }
}
