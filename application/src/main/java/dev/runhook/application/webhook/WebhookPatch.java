package dev.runhook.application.webhook;

import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.RunType;
import dev.runhook.domain.signing.SigningSecret;
import dev.runhook.domain.webhook.CustomHeaders;
import dev.runhook.domain.webhook.DeliverySettings;
import dev.runhook.domain.webhook.Subscription;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

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
  /// A new value.
  ///
  /// @param value absent to use the server's default
  public record PatchValue<T>(Optional<T> value) {}

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

  /// A change of a webhook's subscription. Absent values stay as they are.
  public record SubscriptionPatch(
      Optional<Set<RunState>> states,
      Optional<Set<RunType>> types,
      Optional<PatchValue<Boolean>> driftDetection) {
    /// Returns a patch that changes nothing.
    public static SubscriptionPatch empty() {
      return new SubscriptionPatch(Optional.empty(), Optional.empty(), Optional.empty());
    }

    Subscription applyTo(Subscription current) {
      return new Subscription(
          states.orElse(current.states()),
          types.orElse(current.types()),
          driftDetection.map(PatchValue::value).orElse(current.driftDetection()));
    }
  }

  /// A change of a webhook's delivery settings. Absent values stay as they are.
  public record DeliverySettingsPatch(
      Optional<PatchValue<Duration>> timeout, Optional<PatchValue<List<Duration>>> retrySchedule) {
    /// Returns a patch that changes nothing.
    public static DeliverySettingsPatch empty() {
      return new DeliverySettingsPatch(Optional.empty(), Optional.empty());
    }

    DeliverySettings applyTo(DeliverySettings current) {
      return new DeliverySettings(
          timeout.map(PatchValue::value).orElse(current.timeout()),
          retrySchedule.map(PatchValue::value).orElse(current.retryDelays()));
    }
  }
}
