package dev.runhook.application.webhook;

import dev.runhook.domain.signing.SigningSecret;
import dev.runhook.domain.webhook.CustomHeaders;
import dev.runhook.domain.webhook.Pace;
import dev.runhook.domain.webhook.Subscription;
import java.util.Optional;

/// What a person chooses of a new webhook.
///
/// @param endpoint as typed; judged by the use case
/// @param secret absent to have one generated
public record WebhookDraft(
    String endpoint,
    Optional<SigningSecret> secret,
    boolean enabled,
    String name,
    Subscription subscription,
    CustomHeaders headers,
    Pace pace) {
  /// An enabled webhook that hears of everything and has a generated secret.
  public static WebhookDraft of(String endpoint) {
    return new WebhookDraft(
        endpoint,
        Optional.empty(),
        true,
        "",
        Subscription.all(),
        CustomHeaders.none(),
        Pace.usual());
  }

  public WebhookDraft secret(SigningSecret chosen) {
    return new WebhookDraft(
        endpoint, Optional.of(chosen), enabled, name, subscription, headers, pace);
  }

  public WebhookDraft pace(Pace chosen) {
    return new WebhookDraft(endpoint, secret, enabled, name, subscription, headers, chosen);
  }
}
