package dev.runhook.application.webhook;

import dev.runhook.domain.signing.SigningSecret;
import dev.runhook.domain.webhook.CustomHeaders;
import java.util.Optional;

/// What a person changes of a webhook; what is absent stays.
///
/// @param secret takes the place of the old one at once, without overlap
public record WebhookPatch(
    Optional<String> endpoint,
    Optional<SigningSecret> secret,
    Optional<Boolean> enabled,
    Optional<String> name,
    SubscriptionPatch subscription,
    Optional<CustomHeaders> headers,
    DeliverySettingsPatch delivery) {
  /// An edit that changes nothing.
  public static WebhookPatch empty() {
    return new WebhookPatch(
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        SubscriptionPatch.empty(),
        Optional.empty(),
        DeliverySettingsPatch.empty());
  }

  public WebhookPatch enabled(boolean now) {
    return new WebhookPatch(
        endpoint, secret, Optional.of(now), name, subscription, headers, delivery);
  }

  public WebhookPatch endpoint(String now) {
    return new WebhookPatch(
        Optional.of(now), secret, enabled, name, subscription, headers, delivery);
  }

  public WebhookPatch headers(CustomHeaders now) {
    return new WebhookPatch(
        endpoint, secret, enabled, name, subscription, Optional.of(now), delivery);
  }

  public WebhookPatch delivery(DeliverySettingsPatch now) {
    return new WebhookPatch(endpoint, secret, enabled, name, subscription, headers, now);
  }
}
