package dev.runhook.bootstrap.observe;

import dev.runhook.application.spi.delivery.DispatchObserver;
import dev.runhook.application.spi.delivery.LeasedDelivery;
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

/// Logs one event for each attempt and each change of a webhook's health. The events never contain
/// payloads, secrets or the query of an endpoint.
public final class LoggingDispatchObserver implements DispatchObserver {
  private static final Logger ATTEMPTS = LoggerFactory.getLogger("runhook.attempt");
  private static final Logger WEBHOOKS = LoggerFactory.getLogger("runhook.webhook");
  private static final Logger DISPATCHER = LoggerFactory.getLogger("runhook.dispatcher");

  /// Matches from the first quote to the last one, if the text ends there or continues with
  /// Runhook's advice. Otherwise it matches to the end of the text, because a truncated quotation
  /// has no end.
  private static final Pattern QUOTED =
      Pattern.compile("\"(?:.*\"(?=(?:; [^\"…]*)?$)|.*)", Pattern.DOTALL);

  @Override
  public void onAttempt(LeasedDelivery delivery, Attempt attempt, Disposition disposition) {
    Level level = attempt.outcome().isDelivered() ? Level.DEBUG : Level.INFO;
    if (!ATTEMPTS.isEnabledForLevel(level)) {
      return;
    }
    LoggingEventBuilder event = describe(ATTEMPTS.atLevel(level), delivery, attempt);
    switch (disposition) {
      case Disposition.Delivered _ -> event.log("delivered");
      case Disposition.Retry(var delay, _) ->
          event.addKeyValue("retryInMs", delay.toMillis()).log("attempt failed; retry scheduled");
      case Disposition.Exhausted _ -> event.log("attempt failed; delivery failed permanently");
    }
  }

  @Override
  public void onLeaseLost(LeasedDelivery delivery, Attempt attempt) {
    describe(ATTEMPTS.atWarn(), delivery, attempt)
        .log("attempt result discarded because the lease had expired");
  }

  @Override
  public void onHealthChange(HealthChange change, Webhook webhook, Health before) {
    LoggingEventBuilder event =
        WEBHOOKS
            .atLevel(level(change))
            .addKeyValue("stack", webhook.stack())
            .addKeyValue("webhook", webhook.id())
            .addKeyValue("endpoint", webhook.settings().endpoint().withoutQuery());
    describe(describe(event, "from", before), "to", webhook.health()).log(message(change));
  }

  private static Level level(HealthChange change) {
    return switch (change) {
      case PAUSED, DISABLED -> Level.WARN;
      case RECOVERED, ENABLED -> Level.INFO;
    };
  }

  private static String message(HealthChange change) {
    return switch (change) {
      case PAUSED -> "webhook paused; sending probes";
      case RECOVERED -> "webhook recovered; sending queued deliveries";
      case DISABLED -> "webhook disabled; new events are not queued";
      case ENABLED -> "webhook enabled";
    };
  }

  private static LoggingEventBuilder describe(
      LoggingEventBuilder event, String keyPrefix, Health health) {
    return switch (health) {
      case Health.Active active ->
          event
              .addKeyValue(keyPrefix, "ACTIVE")
              .addKeyValue(keyPrefix + "Failures", active.consecutiveFailures());
      case Health.Paused(var since, int failures, var nextProbe, String reason) ->
          event
              .addKeyValue(keyPrefix, "PAUSED")
              .addKeyValue(keyPrefix + "Since", since)
              .addKeyValue(keyPrefix + "Failures", failures)
              .addKeyValue(keyPrefix + "NextProbe", nextProbe)
              .addKeyValue(keyPrefix + "Reason", withoutQuotes(reason));
      case Health.Disabled disabled ->
          event
              .addKeyValue(keyPrefix, "DISABLED")
              .addKeyValue(keyPrefix + "Since", disabled.since())
              .addKeyValue(keyPrefix + "Reason", disabled.reason());
    };
  }

  @Override
  public void onEventsOmitted(int count) {
    DISPATCHER.atWarn().addKeyValue("events", count).log("operational events omitted");
  }

  @Override
  public void onError(String operation, Throwable failure) {
    DISPATCHER
        .atWarn()
        .addKeyValue("operation", operation)
        .setCause(failure)
        .log("dispatcher error");
  }

  private static LoggingEventBuilder describe(
      LoggingEventBuilder event, LeasedDelivery delivery, Attempt attempt) {
    String error = attempt.outcome().error().map(LoggingDispatchObserver::withoutQuotes).orElse("");
    return event
        .addKeyValue("delivery", delivery.lease().delivery())
        .addKeyValue("attempt", attempt.number())
        .addKeyValue("webhook", delivery.webhook().id())
        .addKeyValue("stack", delivery.webhook().stack())
        .addKeyValue("kind", delivery.content().kind().wireName())
        .addKeyValue("outcome", attempt.outcome().code())
        .addKeyValue("durationMs", attempt.duration().toMillis())
        .addKeyValue("errorMessage", error);
  }

  /// Removes text quoted from the receiver, which may send back the headers and payload that it
  /// received. The API shows the complete text with the delivery.
  private static String withoutQuotes(String error) {
    return QUOTED.matcher(error).replaceFirst("…");
  }
}
