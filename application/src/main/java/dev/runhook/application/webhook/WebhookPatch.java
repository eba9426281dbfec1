package dev.runhook.application.webhook;

import dev.runhook.domain.signing.SigningSecret;
import dev.runhook.domain.webhook.CustomHeaders;
import java.util.Optional;

/// A change of a webhook. Absent values stay as they are.
///
/// @param secret replaces the current secret without an overlap
public record WebhookPatch(
    Optional<String> endpoint,
    Optional<SigningSecret> secret,
    Optional<Boolean> enabled,
    Optional<String> name,
    SubscriptionPatch subscription,
    Optional<CustomHeaders> headers,
    DeliverySettingsPatch delivery) {
  /// Returns a patch that changes nothing.
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

  public WebhookPatch withEnabled(boolean enabled) {
    return new WebhookPatch(
        endpoint, secret, Optional.of(enabled), name, subscription, headers, delivery);
  }

  public WebhookPatch withEndpoint(String endpoint) {
    return new WebhookPatch(
        Optional.of(endpoint), secret, enabled, name, subscription, headers, delivery);
  }

  public WebhookPatch withHeaders(CustomHeaders headers) {
    return new WebhookPatch(
        endpoint, secret, enabled, name, subscription, Optional.of(headers), delivery);
  }

  public WebhookPatch withDelivery(DeliverySettingsPatch delivery) {
    return new WebhookPatch(endpoint, secret, enabled, name, subscription, headers, delivery);
  }
}
