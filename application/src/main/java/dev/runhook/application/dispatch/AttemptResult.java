package dev.runhook.application.dispatch;

import dev.runhook.application.spi.CompletedAttempt;
import dev.runhook.application.spi.LeasedDelivery;
import dev.runhook.domain.delivery.Attempt;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.delivery.Disposition;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.delivery.ReceiverResponse;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.PausePolicy;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import java.time.Instant;

/// A parcel after its attempt.
///
/// @param endedAt the tick at which the attempt had ended
record AttemptResult(
    LeasedDelivery leased, Attempt attempt, Disposition disposition, long endedAtNanos) {
  private static final int GONE = 410;

  CompletedAttempt toCompletedAttempt() {
    return new CompletedAttempt(leased.lease(), attempt, disposition);
  }

  DeliveryId deliveryId() {
    return leased.lease().delivery();
  }

  WebhookId webhookId() {
    return leased.webhook().id();
  }

  /// Whether it is over with this delivery, so that its lane goes on.
  boolean finishesDelivery() {
    return !(disposition instanceof Disposition.Retry);
  }

  /// Whether the attempt speaks against the receiver; a fault of ours does not.
  boolean countsAsFailure() {
    return !attempt.outcome().isDelivered()
        && !(attempt.outcome() instanceof Outcome.InternalFailure);
  }

  /// The webhook after this attempt.
  ///
  /// @param now by the store's clock
  Webhook applyTo(Webhook webhook, Instant now, PausePolicy pausing) {
    Outcome outcome = attempt.outcome();
    if (outcome.isDelivered()) {
      return webhook.succeeded();
    }
    if (!countsAsFailure()) {
      return webhook;
    }
    if (outcome instanceof Outcome.Responded(ReceiverResponse receiverResponse, _)
        && receiverResponse.status() == GONE) {
      return webhook.disabledByReceiver(now);
    }
    String reason = outcome.error().orElse(outcome.code().name());
    boolean probe = leased.webhook().health() instanceof Health.Paused;
    return probe ? webhook.probeFailed(now, reason, pausing) : webhook.failed(now, reason, pausing);
  }
}
