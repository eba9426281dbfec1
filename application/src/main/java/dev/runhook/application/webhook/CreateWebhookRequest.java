package dev.runhook.application.webhook;

import dev.runhook.domain.event.Event;
import dev.runhook.domain.filter.StackSelector;
import dev.runhook.domain.filter.Subscription;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.signing.SigningSecret;
import dev.runhook.domain.webhook.CustomHeaders;
import dev.runhook.domain.webhook.DeliverySettings;
import dev.runhook.domain.webhook.Endpoint;
import dev.runhook.domain.webhook.WebhookSettings;
import java.util.EnumSet;
import java.util.Optional;

/// A request to create a webhook.
///
/// @param endpoint as the user entered it
/// @param secret absent to have one generated
/// @param selector the stacks of an account webhook; absent for all of them. A webhook of a stack
///   has none.
public record CreateWebhookRequest(
    String endpoint,
    Optional<SigningSecret> secret,
    boolean enabled,
    String name,
    String externalId,
    Subscription subscription,
    CustomHeaders headers,
    DeliverySettings delivery,
    Optional<StackSelector> selector) {
  /// Returns a request for an enabled webhook that is notified of all state changes and gets a
  /// generated secret.
  public static CreateWebhookRequest of(String endpoint) {
    return new CreateWebhookRequest(
        endpoint,
        Optional.empty(),
        true,
        "",
        "",
        Subscription.all(),
        CustomHeaders.none(),
        DeliverySettings.defaults(),
        Optional.empty());
  }

  /// Returns the settings of the new webhook.
  ///
  /// @param checked the endpoint, which may be called
  public WebhookSettings settings(Endpoint checked) {
    return new WebhookSettings(checked, name, externalId, subscription, headers, delivery);
  }

  public CreateWebhookRequest withSecret(SigningSecret secret) {
    return new CreateWebhookRequest(
        endpoint,
        Optional.of(secret),
        enabled,
        name,
        externalId,
        subscription,
        headers,
        delivery,
        selector);
  }

  public CreateWebhookRequest withEnabled(boolean enabled) {
    return new CreateWebhookRequest(
        endpoint, secret, enabled, name, externalId, subscription, headers, delivery, selector);
  }

  public CreateWebhookRequest withName(String name) {
    return new CreateWebhookRequest(
        endpoint, secret, enabled, name, externalId, subscription, headers, delivery, selector);
  }

  public CreateWebhookRequest withExternalId(String externalId) {
    return new CreateWebhookRequest(
        endpoint, secret, enabled, name, externalId, subscription, headers, delivery, selector);
  }

  /// Returns a request for a webhook that is notified only of these states.
  public CreateWebhookRequest onStates(RunState first, RunState... others) {
    return withSubscription(subscription.withStates(EnumSet.of(first, others)));
  }

  /// Returns a request for a webhook that gets events of these kinds, including those about its
  /// stack's other webhooks.
  public CreateWebhookRequest onEvents(Event.Kind first, Event.Kind... others) {
    return withSubscription(subscription.withEvents(EnumSet.of(first, others)));
  }

  public CreateWebhookRequest withSubscription(Subscription subscription) {
    return new CreateWebhookRequest(
        endpoint, secret, enabled, name, externalId, subscription, headers, delivery, selector);
  }

  public CreateWebhookRequest withHeaders(CustomHeaders headers) {
    return new CreateWebhookRequest(
        endpoint, secret, enabled, name, externalId, subscription, headers, delivery, selector);
  }

  public CreateWebhookRequest withDelivery(DeliverySettings delivery) {
    return new CreateWebhookRequest(
        endpoint, secret, enabled, name, externalId, subscription, headers, delivery, selector);
  }

  public CreateWebhookRequest withSelector(StackSelector selector) {
    return new CreateWebhookRequest(
        endpoint,
        secret,
        enabled,
        name,
        externalId,
        subscription,
        headers,
        delivery,
        Optional.of(selector));
  }
}
