package dev.runhook.application.webhook;

import dev.runhook.application.refusal.Refusal;
import dev.runhook.application.refusal.RefusedException;
import dev.runhook.domain.filter.StackSelector;
import dev.runhook.domain.setting.SettingsPatch;
import dev.runhook.domain.setting.WebhookSetting;
import dev.runhook.domain.signing.Header;
import dev.runhook.domain.signing.SigningSecret;
import dev.runhook.domain.webhook.CustomHeaders;
import dev.runhook.domain.webhook.Endpoint;
import dev.runhook.domain.webhook.WebhookSettings;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// A request to change a webhook. Absent values stay as they are.
///
/// @param secret replaces the current secret without an overlap
/// @param selector the stacks of an account webhook
public record UpdateWebhookRequest(
    Optional<String> endpoint,
    Optional<SigningSecret> secret,
    Optional<Boolean> enabled,
    SettingsPatch settings,
    Optional<HeadersPatch> headers,
    Optional<StackSelector> selector) {
  /// Returns a request that changes nothing.
  public static UpdateWebhookRequest empty() {
    return new UpdateWebhookRequest(
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        SettingsPatch.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /// @param endpoint the checked endpoint of the patch, if it has one
  WebhookSettings applyTo(WebhookSettings old, Optional<Endpoint> endpoint) {
    WebhookSettings next;
    try {
      next = settings.applyTo(old);
    } catch (IllegalArgumentException e) {
      // each value is valid, so a template is missing or left over
      throw new RefusedException(new Refusal.InvalidTemplate(String.valueOf(e.getMessage())));
    }
    return new WebhookSettings(
        endpoint.orElse(next.endpoint()),
        next.name(),
        next.externalId(),
        next.subscription(),
        headers.map(patch -> patch.applyTo(next.headers())).orElse(next.headers()),
        next.delivery());
  }

  public UpdateWebhookRequest withEnabled(boolean enabled) {
    return new UpdateWebhookRequest(
        endpoint, secret, Optional.of(enabled), settings, headers, selector);
  }

  public UpdateWebhookRequest withEndpoint(String endpoint) {
    return new UpdateWebhookRequest(
        Optional.of(endpoint), secret, enabled, settings, headers, selector);
  }

  public UpdateWebhookRequest withSecret(SigningSecret secret) {
    return new UpdateWebhookRequest(
        endpoint, Optional.of(secret), enabled, settings, headers, selector);
  }

  public UpdateWebhookRequest withHeaders(CustomHeaders headers) {
    HeadersPatch patch = new HeadersPatch(headers.headers(), List.of());
    return new UpdateWebhookRequest(
        endpoint, secret, enabled, settings, Optional.of(patch), selector);
  }

  public UpdateWebhookRequest withSelector(StackSelector selector) {
    return new UpdateWebhookRequest(
        endpoint, secret, enabled, settings, headers, Optional.of(selector));
  }

  /// Returns a request that changes a setting, too.
  public <T> UpdateWebhookRequest with(WebhookSetting<T> setting, T value) {
    return new UpdateWebhookRequest(
        endpoint, secret, enabled, settings.with(setting, value), headers, selector);
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
}
