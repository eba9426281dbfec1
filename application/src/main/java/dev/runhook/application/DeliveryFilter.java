package dev.runhook.application;

import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.webhook.WebhookId;
import java.time.Instant;
import java.util.Optional;

/// Which deliveries of a webhook are asked for; an absent part lets all through.
///
/// @param run the name of a run on the webhook's stack
/// @param from the earliest creation, inclusive
/// @param to the latest creation, exclusive
public record DeliveryFilter(
    WebhookId webhook,
    Optional<Delivery.Status> status,
    Optional<RunState> state,
    Optional<String> run,
    Optional<Instant> from,
    Optional<Instant> to) {
  public static DeliveryFilter of(WebhookId webhook) {
    return new DeliveryFilter(
        webhook,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }
}
