package dev.runhook.bootstrap.observe;

import dev.runhook.application.spi.DispatchObserver;
import dev.runhook.application.spi.LeasedDelivery;
import dev.runhook.domain.delivery.Attempt;
import dev.runhook.domain.delivery.Disposition;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.HealthChange;
import dev.runhook.domain.webhook.Webhook;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/// One wide event for each attempt and each change of a webhook's health. Payloads, secrets and the
/// queries of endpoints are never in them.
public final class LoggingDispatchObserver implements DispatchObserver {
  private static final Logger ATTEMPTS = LoggerFactory.getLogger("runhook.attempt");
  private static final Logger WEBHOOKS = LoggerFactory.getLogger("runhook.webhook");
  private static final Logger ENGINE = LoggerFactory.getLogger("runhook.engine");

  /// From the first quote to the last, if the sentence then ends or goes on with advice, which is
  /// ours; else to the end, for a quotation that was cut off shows no end.
  private static final Pattern QUOTED =
      Pattern.compile("\"(?:.*\"(?=(?:; [^\"…]*)?$)|.*)", Pattern.DOTALL);

  @Override
  public void onAttempt(LeasedDelivery leasedDelivery, Attempt attempt, Disposition disposition) {
    Level level = attempt.outcome().isDelivered() ? Level.DEBUG : Level.INFO;
    if (!ATTEMPTS.isEnabledForLevel(level)) {
      return;
    }
    LoggingEventBuilder event = described(ATTEMPTS.atLevel(level), leasedDelivery, attempt);
    switch (disposition) {
      case Disposition.Delivered _ -> event.log("delivered");
      case Disposition.Retry(var delay, _) ->
          event.addKeyValue("retryInMs", delay.toMillis()).log("failed, to be retried");
      case Disposition.Exhausted _ -> event.log("failed, given up");
    }
  }

  @Override
  public void onLeaseLost(LeasedDelivery leasedDelivery, Attempt attempt) {
    described(ATTEMPTS.atWarn(), leasedDelivery, attempt)
        .log("ended after its lease, changed nothing");
  }

  @Override
  public void onHealthChange(HealthChange turn, Webhook webhook, Health before) {
    LoggingEventBuilder event =
        WEBHOOKS
            .atLevel(level(turn))
            .addKeyValue("stack", webhook.stack())
            .addKeyValue("webhook", webhook.id())
            .addKeyValue("endpoint", webhook.settings().endpoint().withoutQuery());
    described(described(event, "was", before), "is", webhook.health()).log(word(turn));
  }

  private static Level level(HealthChange turn) {
    return switch (turn) {
      case PAUSED, DISABLED -> Level.WARN;
      case RECOVERED, ENABLED -> Level.INFO;
    };
  }

  private static String word(HealthChange turn) {
    return switch (turn) {
      case PAUSED -> "webhook paused, probing it from now on";
      case RECOVERED -> "webhook is well again, catching up";
      case DISABLED -> "webhook disabled, nothing is queued for it";
      case ENABLED -> "webhook enabled";
    };
  }

  /// @param tense of the keys: what it was, or is
  private static LoggingEventBuilder described(
      LoggingEventBuilder event, String tense, Health health) {
    return switch (health) {
      case Health.Active(int failures) ->
          event.addKeyValue(tense, "ACTIVE").addKeyValue(tense + "Failures", failures);
      case Health.Paused(var since, int failures, var nextProbe, String reason) ->
          event
              .addKeyValue(tense, "PAUSED")
              .addKeyValue(tense + "Since", since)
              .addKeyValue(tense + "Failures", failures)
              .addKeyValue(tense + "NextProbe", nextProbe)
              .addKeyValue(tense + "Reason", unquoted(reason));
      case Health.Disabled(var since, String reason) ->
          event
              .addKeyValue(tense, "DISABLED")
              .addKeyValue(tense + "Since", since)
              .addKeyValue(tense + "Reason", reason);
    };
  }

  @Override
  public void onError(String doing, Throwable failure) {
    ENGINE.atWarn().addKeyValue("doing", doing).setCause(failure).log("trouble, going on");
  }

  private static LoggingEventBuilder described(
      LoggingEventBuilder event, LeasedDelivery leasedDelivery, Attempt attempt) {
    return event
        .addKeyValue("delivery", leasedDelivery.lease().delivery())
        .addKeyValue("attempt", attempt.number())
        .addKeyValue("webhook", leasedDelivery.webhook().id())
        .addKeyValue("stack", leasedDelivery.webhook().stack())
        .addKeyValue("event", leasedDelivery.content().kind().wireName())
        .addKeyValue("outcome", attempt.outcome().code())
        .addKeyValue("tookMs", attempt.duration().toMillis())
        .addKeyValue(
            "error", attempt.outcome().error().map(LoggingDispatchObserver::unquoted).orElse(""));
  }

  /// Without what a receiver is quoted with: it may send back the very headers and payload that it
  /// got, with quotes of its own among them. People find the whole sentence with the delivery.
  private static String unquoted(String error) {
    return QUOTED.matcher(error).replaceFirst("…");
  }
}
