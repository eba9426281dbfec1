package dev.runhook.application.dispatch;

import dev.runhook.application.spi.Deliveries.CompletedAttempt;
import dev.runhook.application.spi.LeasedDelivery;
import dev.runhook.domain.delivery.Attempt;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.delivery.Disposition;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.delivery.ReceiverResponse;
import dev.runhook.domain.delivery.RetrySchedule;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.PausePolicy;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import java.time.Duration;
import java.time.Instant;

/// A leased delivery after its attempt.
///
/// @param endedAtNanos the ticker's value when the attempt ended
record AttemptResult(
    LeasedDelivery leased, Attempt attempt, Disposition disposition, long endedAtNanos) {
  private static final int GONE = 410;
  private static final Duration IDLE_POLL_INTERVAL = Duration.ofSeconds(1);

  CompletedAttempt toCompletedAttempt() {
    return new CompletedAttempt(leased, attempt, disposition);
  }

  DeliveryId deliveryId() {
    return leased.lease().delivery();
  }

  WebhookId webhookId() {
    return leased.webhook().id();
  }

  /// Returns whether the retry is due before an idle process polls, which it does once a second.
  boolean isSoonDue() {
    return disposition instanceof Disposition.Retry(Duration delay, var ignored)
        && delay.compareTo(IDLE_POLL_INTERVAL) < 0;
  }

  boolean isDelivered() {
    return attempt.outcome().isDelivered();
  }

  /// Returns whether the attempt counts against the receiver. An internal error does not.
  boolean countsAsFailure() {
    return !isDelivered() && !(attempt.outcome() instanceof Outcome.InternalFailure);
  }

  /// Returns the webhook with the health that it has after this attempt.
  ///
  /// @param now the time on the clock of the store
  Webhook applyTo(Webhook webhook, Instant now, PausePolicy pausePolicy) {
    if (isDelivered()) {
      return webhook.succeeded();
    }
    if (!countsAsFailure()) {
      return webhook;
    }
    Outcome outcome = attempt.outcome();
    if (outcome instanceof Outcome.Responded(ReceiverResponse response, var ignored)
        && response.status() == GONE) {
      return webhook.disabledByReceiver(now);
    }
    String error = outcome.error().orElse(outcome.code().name());
    boolean isProbe = leased.webhook().health() instanceof Health.Paused;
    Webhook failed =
        isProbe
            ? webhook.probeFailed(now, error, pausePolicy)
            : webhook.failed(now, error, pausePolicy);
    return RetrySchedule.requestedDelay(outcome)
        .map(delay -> failed.withoutProbeBefore(now.plus(delay)))
        .orElse(failed);
  }
}
