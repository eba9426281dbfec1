package dev.runhook.application.webhook;

import dev.runhook.domain.signing.SigningSecret;
import dev.runhook.domain.webhook.CustomHeaders;
import java.util.Optional;

/// What a person changes of a webhook; what is absent stays.
///
/// @param secret takes the place of the old one at once, without overlap
public record WebhookEdit(
    Optional<String> endpoint,
    Optional<SigningSecret> secret,
    Optional<Boolean> enabled,
    Optional<String> name,
    SubscriptionEdit subscription,
    Optional<CustomHeaders> headers,
    PaceEdit pace) {
  /// An edit that changes nothing.
  public static WebhookEdit none() {
    return new WebhookEdit(
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        SubscriptionEdit.none(),
        Optional.empty(),
        PaceEdit.none());
  }

  public WebhookEdit enabled(boolean now) {
    return new WebhookEdit(endpoint, secret, Optional.of(now), name, subscription, headers, pace);
  }

  public WebhookEdit endpoint(String now) {
    return new WebhookEdit(Optional.of(now), secret, enabled, name, subscription, headers, pace);
  }

  public WebhookEdit headers(CustomHeaders now) {
    return new WebhookEdit(endpoint, secret, enabled, name, subscription, Optional.of(now), pace);
  }

  public WebhookEdit pace(PaceEdit now) {
    return new WebhookEdit(endpoint, secret, enabled, name, subscription, headers, now);
  }
}
