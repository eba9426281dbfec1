package dev.runhook.domain.webhook;

import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.filter.Subscription;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.signing.SigningKeys;
import dev.runhook.domain.signing.SigningSecret;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

public final class WebhookSamples {
  public static final Instant NOON = Instant.parse("2026-03-14T12:00:00Z");
  public static final StackId STACK = new StackId(new AccountId("acme"), "demo");

  private WebhookSamples() {}

  static FailedAttempt failure(Instant endedAt, String error) {
    return new FailedAttempt(endedAt, error, false, Optional.empty());
  }

  static FailedAttempt failedProbe(Instant endedAt, String error) {
    return new FailedAttempt(endedAt, error, true, Optional.empty());
  }

  public static Webhook webhook() {
    return webhook(Subscription.all());
  }

  static Webhook webhook(Subscription subscription) {
    Endpoint endpoint = Endpoint.ofStored("https://hooks.example.com/");
    return new Webhook(
        new WebhookId(new UUID(1, 1)),
        STACK,
        new WebhookSettings(
            endpoint, "", subscription, CustomHeaders.none(), DeliverySettings.defaults()),
        1,
        SigningKeys.of(SigningSecret.parse("secret")),
        Health.healthy(),
        NOON,
        NOON);
  }
}
