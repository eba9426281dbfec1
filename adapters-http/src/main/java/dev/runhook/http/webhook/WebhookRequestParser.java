package dev.runhook.http.webhook;

import dev.runhook.application.webhook.DeliverySettingsPatch;
import dev.runhook.application.webhook.NewWebhook;
import dev.runhook.application.webhook.SecretRotation;
import dev.runhook.application.webhook.SubscriptionPatch;
import dev.runhook.application.webhook.WebhookPatch;
import dev.runhook.domain.signing.Header;
import dev.runhook.domain.signing.SigningSecret;
import dev.runhook.domain.webhook.CustomHeaders;
import dev.runhook.domain.webhook.DeliverySettings;
import dev.runhook.domain.webhook.Endpoint;
import dev.runhook.domain.webhook.Subscription;
import dev.runhook.domain.webhook.WebhookSettings;
import dev.runhook.http.json.Decoder;
import dev.runhook.http.json.JsonObjectReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads what people choose of webhooks.
final class WebhookRequestParser {
  private static final Duration USUAL_OVERLAP = Duration.ofHours(24);
  private static final Endpoint ANY_ENDPOINT = Endpoint.ofStored("https://example.com/");

  private static final Decoder<SigningSecret> SECRET = Decoder.STRING.map(SigningSecret::parse);
  private static final Decoder<String> NAME =
      Decoder.STRING.map(name ->
          new WebhookSettings(
                  ANY_ENDPOINT,
                  name,
                  Subscription.all(),
                  CustomHeaders.none(),
                  DeliverySettings.defaults())
              .name());
  private static final Decoder<CustomHeaders> HEADERS =
      Decoder.object(WebhookRequestParser::headers);

  private WebhookRequestParser() {}

  static Optional<NewWebhook> parseNewWebhook(JsonObjectReader jsonObjectReader) {
    Optional<String> endpoint = jsonObjectReader.required("endpoint", Decoder.STRING);
    Optional<SigningSecret> secret = jsonObjectReader.optionalNonNull("secret", SECRET);
    Optional<Boolean> enabled = jsonObjectReader.optionalNonNull("enabled", Decoder.BOOLEAN);
    Optional<String> name = jsonObjectReader.optional("name", NAME);
    Subscription subscription = SubscriptionParser.parse(jsonObjectReader);
    Optional<CustomHeaders> headers = jsonObjectReader.optional("headers", HEADERS);
    DeliverySettings deliverySettings = DeliverySettingsParser.parse(jsonObjectReader);
    return jsonObjectReader.build(() ->
        new NewWebhook(
            endpoint.orElseThrow(),
            secret,
            enabled.orElse(true),
            name.orElse(""),
            subscription,
            headers.orElse(CustomHeaders.none()),
            deliverySettings));
  }

  static Optional<WebhookPatch> parsePatch(JsonObjectReader jsonObjectReader) {
    Optional<String> endpoint = jsonObjectReader.optionalNonNull("endpoint", Decoder.STRING);
    Optional<SigningSecret> secret = jsonObjectReader.optionalNonNull("secret", SECRET);
    Optional<Boolean> enabled = jsonObjectReader.optionalNonNull("enabled", Decoder.BOOLEAN);
    Optional<String> name = jsonObjectReader.resettable("name", NAME, "");
    SubscriptionPatch subscription = SubscriptionParser.parsePatch(jsonObjectReader);
    Optional<CustomHeaders> headers =
        jsonObjectReader.resettable("headers", HEADERS, CustomHeaders.none());
    DeliverySettingsPatch pace = DeliverySettingsParser.parsePatch(jsonObjectReader);
    return jsonObjectReader.build(
        () -> new WebhookPatch(endpoint, secret, enabled, name, subscription, headers, pace));
  }

  static Optional<SecretRotation> parseRotation(JsonObjectReader jsonObjectReader) {
    Optional<SigningSecret> secret = jsonObjectReader.optionalNonNull("secret", SECRET);
    Optional<Duration> overlap =
        jsonObjectReader.optionalNonNull(
            "overlap", Decoder.STRING.map(WebhookRequestParser::overlap));
    return jsonObjectReader.build(() -> new SecretRotation(secret, overlap.orElse(USUAL_OVERLAP)));
  }

  private static Duration overlap(String text) {
    return new SecretRotation(Optional.empty(), DeliverySettingsParser.parseDuration(text, "PT24H"))
        .overlap();
  }

  private static Optional<CustomHeaders> headers(JsonObjectReader jsonObjectReader) {
    List<Header> headers = new ArrayList<>();
    for (String name : jsonObjectReader.fieldNames()) {
      jsonObjectReader
          .optionalNonNull(name, Decoder.STRING.map(value -> alone(new Header(name, value))))
          .ifPresent(headers::add);
    }
    return jsonObjectReader.build(() -> new CustomHeaders(headers));
  }

  /// The header, if it is one that a person may set.
  private static Header alone(Header header) {
    return new CustomHeaders(List.of(header)).headers().getFirst();
  }
}
