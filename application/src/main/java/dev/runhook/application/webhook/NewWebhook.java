package dev.runhook.application.webhook;

import dev.runhook.domain.signing.SigningSecret;
import dev.runhook.domain.webhook.CustomHeaders;
import dev.runhook.domain.webhook.DeliverySettings;
import dev.runhook.domain.webhook.Subscription;
import java.util.Optional;

/// What a person chooses of a new webhook.
///
/// @param endpoint as typed; judged by the use case
/// @param secret absent to have one generated
public record NewWebhook(
    String endpoint,
    Optional<SigningSecret> secret,
    boolean enabled,
    String name,
    Subscription subscription,
    CustomHeaders headers,
    DeliverySettings delivery) {
  /// An enabled webhook that hears of everything and has a generated secret.
  public static NewWebhook of(String endpoint) {
    return new NewWebhook(
        endpoint,
        Optional.empty(),
        true,
        "",
        Subscription.all(),
        CustomHeaders.none(),
        DeliverySettings.defaults());
  }

  public NewWebhook secret(SigningSecret chosen) {
    return new NewWebhook(
        endpoint, Optional.of(chosen), enabled, name, subscription, headers, delivery);
  }

  public NewWebhook delivery(DeliverySettings chosen) {
    return new NewWebhook(endpoint, secret, enabled, name, subscription, headers, chosen);
  }
}
