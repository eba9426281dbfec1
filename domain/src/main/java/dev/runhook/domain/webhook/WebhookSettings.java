package dev.runhook.domain.webhook;

import dev.runhook.domain.filter.Subscription;
import dev.runhook.domain.text.TextLimits;

/// The settings of a webhook that a user chooses, except its secret and whether it is enabled.
///
/// @param name a label for users, at most 200 characters; may be empty
public record WebhookSettings(
    Endpoint endpoint,
    String name,
    Subscription subscription,
    CustomHeaders headers,
    DeliverySettings delivery) {
  private static final int MAX_NAME = 200;

  public WebhookSettings {
    requireName(name);
  }

  /// Returns the name.
  ///
  /// @throws IllegalArgumentException if it is too long or not printable
  public static String requireName(String name) {
    if (name.length() > MAX_NAME) {
      throw new IllegalArgumentException(
          "a webhook's name has at most " + MAX_NAME + " characters");
    }
    TextLimits.requirePrintable("a webhook's name", name);
    return name;
  }

  public static WebhookSettings of(Endpoint endpoint) {
    return new WebhookSettings(
        endpoint, "", Subscription.all(), CustomHeaders.none(), DeliverySettings.defaults());
  }
}
