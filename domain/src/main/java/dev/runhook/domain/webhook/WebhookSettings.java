package dev.runhook.domain.webhook;

/// What a person chooses of a webhook, all but its secret and whether it is enabled.
///
/// @param name what people call it, up to 200 characters; may be empty
public record WebhookSettings(
    Endpoint endpoint,
    String name,
    Subscription subscription,
    CustomHeaders headers,
    DeliverySettings delivery) {
  private static final int LONGEST_NAME = 200;

  public WebhookSettings {
    if (name.length() > LONGEST_NAME) {
      throw new IllegalArgumentException(
          "a webhook's name is at most " + LONGEST_NAME + " characters long");
    }
    if (name.codePoints()
        .anyMatch(c -> Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE)) {
      throw new IllegalArgumentException(
          "a webhook's name has a control character or half a character in it");
    }
  }

  public static WebhookSettings of(Endpoint endpoint) {
    return new WebhookSettings(
        endpoint, "", Subscription.all(), CustomHeaders.none(), DeliverySettings.defaults());
  }
}
