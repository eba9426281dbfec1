package dev.runhook.application.webhook;

import dev.runhook.application.audit.Actor;
import dev.runhook.application.refusal.Refusal;
import dev.runhook.application.refusal.RefusedException;
import dev.runhook.domain.event.Event;
import dev.runhook.domain.event.Format;
import dev.runhook.domain.filter.BranchFilter;
import dev.runhook.domain.filter.Subscription;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.RunType;
import dev.runhook.domain.signing.Header;
import dev.runhook.domain.signing.SigningSecret;
import dev.runhook.domain.webhook.CustomHeaders;
import dev.runhook.domain.webhook.DeliverySettings;
import dev.runhook.domain.webhook.Endpoint;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// A request to change a webhook. Absent values stay as they are.
///
/// @param secret replaces the current secret without an overlap
public record UpdateWebhookRequest(
    Optional<String> endpoint,
    Optional<SigningSecret> secret,
    Optional<Boolean> enabled,
    Optional<String> name,
    SubscriptionPatch subscription,
    Optional<HeadersPatch> headers,
    DeliverySettingsPatch delivery) {
  /// A new value.
  ///
  /// @param value absent to use the server's default
  public record PatchValue<T>(Optional<T> value) {}

  /// Returns a request that changes nothing.
  public static UpdateWebhookRequest empty() {
    return new UpdateWebhookRequest(
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        SubscriptionPatch.empty(),
        Optional.empty(),
        DeliverySettingsPatch.empty());
  }

  /// @param endpoint the checked endpoint of the patch, if it has one
  Webhook applyTo(Webhook webhook, Optional<Endpoint> endpoint, Instant now, Actor actor) {
    Webhook next = webhook.edited(applyTo(webhook.settings(), endpoint), now);
    if (secret.isPresent()) {
      next = next.rotated(secret.get(), now, Duration.ZERO);
    }
    if (enabled.isPresent()) {
      next = enabled.get() ? next.enabled(now) : next.disabled(now, actor.name());
    }
    return next;
  }

  /// @param endpoint the checked endpoint of the patch, if it has one
  WebhookSettings applyTo(WebhookSettings old, Optional<Endpoint> endpoint) {
    return new WebhookSettings(
        endpoint.orElse(old.endpoint()),
        name.orElse(old.name()),
        subscription.applyTo(old.subscription()),
        headers.map(patch -> patch.applyTo(old.headers())).orElse(old.headers()),
        delivery.applyTo(old.delivery()));
  }

  public UpdateWebhookRequest withEnabled(boolean enabled) {
    return new UpdateWebhookRequest(
        endpoint, secret, Optional.of(enabled), name, subscription, headers, delivery);
  }

  public UpdateWebhookRequest withEndpoint(String endpoint) {
    return new UpdateWebhookRequest(
        Optional.of(endpoint), secret, enabled, name, subscription, headers, delivery);
  }

  public UpdateWebhookRequest withHeaders(CustomHeaders headers) {
    HeadersPatch patch = new HeadersPatch(headers.headers(), List.of());
    return new UpdateWebhookRequest(
        endpoint, secret, enabled, name, subscription, Optional.of(patch), delivery);
  }

  public UpdateWebhookRequest withDelivery(DeliverySettingsPatch delivery) {
    return new UpdateWebhookRequest(
        endpoint, secret, enabled, name, subscription, headers, delivery);
  }

  /// The new custom headers of a webhook.
  ///
  /// @param values headers with a new value
  /// @param kept the names of headers that keep the stored value
  public record HeadersPatch(List<Header> values, List<String> kept) {
    public HeadersPatch {
      values = List.copyOf(values);
      kept = List.copyOf(kept);
      Stream<Header> unknown = kept.stream().map(name -> new Header(name, ""));
      new CustomHeaders(Stream.concat(unknown, values.stream()).toList());
    }

    CustomHeaders applyTo(CustomHeaders current) {
      Stream<Header> stored = kept.stream().map(name -> stored(current, name));
      return new CustomHeaders(Stream.concat(stored, values.stream()).toList());
    }

    private static Header stored(CustomHeaders current, String name) {
      return current.headers().stream()
          .filter(header -> header.name().equalsIgnoreCase(name))
          .findFirst()
          .orElseThrow(() -> new RefusedException(new Refusal.NoSuchHeader(name)));
    }
  }

  /// A change of a webhook's subscription. Absent values stay as they are.
  public record SubscriptionPatch(
      Optional<Set<RunState>> states,
      Optional<Set<RunType>> types,
      Optional<PatchValue<Boolean>> driftDetection,
      Optional<Set<RunState>> previousStates,
      Optional<BranchFilter> branches,
      Optional<PatchValue<Boolean>> delta,
      Optional<Set<String>> stackLabels,
      Optional<Set<Event.Kind>> events) {
    /// Returns a request that changes nothing.
    public static SubscriptionPatch empty() {
      return new SubscriptionPatch(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty());
    }

    Subscription applyTo(Subscription current) {
      return new Subscription(
          states.orElse(current.states()),
          types.orElse(current.types()),
          driftDetection.map(PatchValue::value).orElse(current.driftDetection()),
          previousStates.orElse(current.previousStates()),
          branches.orElse(current.branches()),
          delta.map(PatchValue::value).orElse(current.delta()),
          stackLabels.orElse(current.stackLabels()),
          events.orElse(current.events()));
    }
  }

  /// A change of a webhook's delivery settings. Absent values stay as they are.
  ///
  /// @param format a format other than [Format#TEMPLATE] removes the template
  public record DeliverySettingsPatch(
      Optional<Format> format,
      Optional<String> template,
      Optional<PatchValue<Duration>> timeout,
      Optional<PatchValue<List<Duration>>> retrySchedule) {
    /// Creates a patch that does not change the format.
    public DeliverySettingsPatch(
        Optional<PatchValue<Duration>> timeout,
        Optional<PatchValue<List<Duration>>> retrySchedule) {
      this(Optional.empty(), Optional.empty(), timeout, retrySchedule);
    }

    /// Returns a request that changes nothing.
    public static DeliverySettingsPatch empty() {
      return new DeliverySettingsPatch(Optional.empty(), Optional.empty());
    }

    DeliverySettings applyTo(DeliverySettings current) {
      Format next = format.orElse(current.format());
      Optional<String> kept = next == Format.TEMPLATE ? current.template() : Optional.empty();
      Optional<String> nextTemplate = template.or(() -> kept);
      if (nextTemplate.isPresent() != (next == Format.TEMPLATE)) {
        throw new RefusedException(
            new Refusal.InvalidTemplate(
                nextTemplate.isPresent()
                    ? "only the format template has a template"
                    : "the format template requires a template"));
      }
      return new DeliverySettings(
          next,
          nextTemplate,
          timeout.map(PatchValue::value).orElse(current.timeout()),
          retrySchedule.map(PatchValue::value).orElse(current.retryDelays()));
    }
  }
}
