package dev.runhook.domain.webhook;

import dev.runhook.domain.filter.Subscription;
import dev.runhook.domain.text.TextLimits;

/// The settings of a webhook that a user chooses, except its secret and whether it is enabled.
///
/// @param name a label for users, at most 200 characters; may be empty
/// @param externalId how a tool that manages webhooks calls it, at most 200 characters; may be
///   empty
public record WebhookSettings(
    Endpoint endpoint,
    String name,
    String externalId,
    Subscription subscription,
    CustomHeaders headers,
    DeliverySettings delivery) {
  private static final int MAX_LENGTH = 200;

  public WebhookSettings {
    requireName(name);
    requireExternalId(externalId);
  }

  /// Creates settings without an external id.
  public WebhookSettings(
      Endpoint endpoint,
      String name,
      Subscription subscription,
      CustomHeaders headers,
      DeliverySettings delivery) {
    this(endpoint, name, "", subscription, headers, delivery);
  }

  /// Returns the name.
  ///
  /// @throws IllegalArgumentException if it is too long or not printable
  public static String requireName(String name) {
    return requireShort("a webhook's name", name);
  }

  /// Returns the external id.
  ///
  /// @throws IllegalArgumentException if it is too long or not printable
  public static String requireExternalId(String externalId) {
    return requireShort("an external ID", externalId);
  }

  private static String requireShort(String what, String text) {
    if (text.length() > MAX_LENGTH) {
      throw new IllegalArgumentException(what + " has at most " + MAX_LENGTH + " characters");
    }
    TextLimits.requirePrintable(what, text);
    return text;
  }

  public static WebhookSettings of(Endpoint endpoint) {
    return new WebhookSettings(
        endpoint, "", Subscription.all(), CustomHeaders.none(), DeliverySettings.defaults());
  }
}
