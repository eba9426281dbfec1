package dev.runhook.bootstrap;

import dev.runhook.application.spi.DispatchObserver;
import dev.runhook.application.spi.Parcel;
import dev.runhook.domain.delivery.Attempt;
import dev.runhook.domain.delivery.Fate;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.Webhook;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/// One wide event for each attempt and each change of a webhook's health. Payloads, secrets and the
/// queries of endpoints are never in them.
final class LoggingObserver implements DispatchObserver {
  private static final Logger ATTEMPTS = LoggerFactory.getLogger("runhook.attempt");
  private static final Logger WEBHOOKS = LoggerFactory.getLogger("runhook.webhook");
  private static final Logger ENGINE = LoggerFactory.getLogger("runhook.engine");

  @Override
  public void attempted(Parcel parcel, Attempt attempt, Fate fate) {
    Level level = attempt.outcome().isDelivered() ? Level.DEBUG : Level.INFO;
    if (!ATTEMPTS.isEnabledForLevel(level)) {
      return;
    }
    LoggingEventBuilder event = described(ATTEMPTS.atLevel(level), parcel, attempt);
    switch (fate) {
      case Fate.Delivered _ -> event.log("delivered");
      case Fate.Retried(var delay) ->
          event.addKeyValue("retryInMs", delay.toMillis()).log("failed, to be retried");
      case Fate.GivenUp _ -> event.log("failed, given up");
    }
  }

  @Override
  public void cameTooLate(Parcel parcel, Attempt attempt) {
    described(ATTEMPTS.atWarn(), parcel, attempt).log("ended after its lease, changed nothing");
  }

  @Override
  public void healthChanged(Webhook before, Webhook after) {
    LoggingEventBuilder event =
        WEBHOOKS
            .atLevel(after.health() instanceof Health.Active ? Level.DEBUG : Level.WARN)
            .addKeyValue("stack", after.stack())
            .addKeyValue("webhook", after.id())
            .addKeyValue("endpoint", after.settings().endpoint().withoutQuery());
    switch (after.health()) {
      case Health.Active(int failures) -> event.addKeyValue("failures", failures).log("active");
      case Health.Paused(_, int failures, var nextProbe, String reason) ->
          event
              .addKeyValue("failures", failures)
              .addKeyValue("nextProbe", nextProbe)
              .addKeyValue("reason", reason)
              .log("paused");
      case Health.Disabled(_, String reason) -> event.addKeyValue("reason", reason).log("disabled");
    }
  }

  @Override
  public void troubled(String doing, Throwable failure) {
    ENGINE.atWarn().addKeyValue("doing", doing).setCause(failure).log("trouble, going on");
  }

  private static LoggingEventBuilder described(
      LoggingEventBuilder event, Parcel parcel, Attempt attempt) {
    return event
        .addKeyValue("delivery", parcel.lease().delivery())
        .addKeyValue("attempt", attempt.number())
        .addKeyValue("webhook", parcel.webhook().id())
        .addKeyValue("stack", parcel.webhook().stack())
        .addKeyValue("event", parcel.letter().kind().wireName())
        .addKeyValue("outcome", attempt.outcome().code())
        .addKeyValue("tookMs", attempt.took().toMillis())
        .addKeyValue("error", attempt.outcome().error().orElse(""));
  }
}
