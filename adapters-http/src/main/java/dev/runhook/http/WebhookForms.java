package dev.runhook.http;

import dev.runhook.application.webhook.NewSecret;
import dev.runhook.application.webhook.PaceEdit;
import dev.runhook.application.webhook.SubscriptionEdit;
import dev.runhook.application.webhook.WebhookDraft;
import dev.runhook.application.webhook.WebhookEdit;
import dev.runhook.domain.signing.Header;
import dev.runhook.domain.signing.SigningSecret;
import dev.runhook.domain.webhook.CustomHeaders;
import dev.runhook.domain.webhook.Endpoint;
import dev.runhook.domain.webhook.Pace;
import dev.runhook.domain.webhook.Subscription;
import dev.runhook.domain.webhook.WebhookSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads what people choose of webhooks.
final class WebhookForms {
  private static final Duration USUAL_OVERLAP = Duration.ofHours(24);
  private static final Endpoint ANY_ENDPOINT = Endpoint.stored("https://example.com/");

  private static final Form<SigningSecret> SECRET = Form.STRING.as(SigningSecret::parse);
  private static final Form<String> NAME =
      Form.STRING.as(name ->
          new WebhookSettings(
                  ANY_ENDPOINT, name, Subscription.all(), CustomHeaders.none(), Pace.usual())
              .name());
  private static final Form<CustomHeaders> HEADERS = Form.object(WebhookForms::headers);

  private WebhookForms() {}

  static Optional<WebhookDraft> draft(Fields fields) {
    Optional<String> endpoint = fields.required("endpoint", Form.STRING);
    Optional<SigningSecret> secret = fields.given("secret", SECRET);
    Optional<Boolean> enabled = fields.given("enabled", Form.FLAG);
    Optional<String> name = fields.optional("name", NAME);
    Subscription subscription = SubscriptionForms.subscription(fields);
    Optional<CustomHeaders> headers = fields.optional("headers", HEADERS);
    Pace pace = PaceForms.pace(fields);
    return fields.make(() ->
        new WebhookDraft(
            endpoint.orElseThrow(),
            secret,
            enabled.orElse(true),
            name.orElse(""),
            subscription,
            headers.orElse(CustomHeaders.none()),
            pace));
  }

  static Optional<WebhookEdit> edit(Fields fields) {
    Optional<String> endpoint = fields.given("endpoint", Form.STRING);
    Optional<SigningSecret> secret = fields.given("secret", SECRET);
    Optional<Boolean> enabled = fields.given("enabled", Form.FLAG);
    Optional<String> name = fields.resettable("name", NAME, "");
    SubscriptionEdit subscription = SubscriptionForms.edit(fields);
    Optional<CustomHeaders> headers = fields.resettable("headers", HEADERS, CustomHeaders.none());
    PaceEdit pace = PaceForms.edit(fields);
    return fields.make(
        () -> new WebhookEdit(endpoint, secret, enabled, name, subscription, headers, pace));
  }

  static Optional<NewSecret> newSecret(Fields fields) {
    Optional<SigningSecret> secret = fields.given("secret", SECRET);
    Optional<Duration> overlap = fields.given("overlap", Form.STRING.as(WebhookForms::overlap));
    return fields.make(() -> new NewSecret(secret, overlap.orElse(USUAL_OVERLAP)));
  }

  private static Duration overlap(String text) {
    return new NewSecret(Optional.empty(), PaceForms.duration(text, "PT24H")).overlap();
  }

  private static Optional<CustomHeaders> headers(Fields fields) {
    List<Header> headers = new ArrayList<>();
    for (String name : fields.names()) {
      fields
          .given(name, Form.STRING.as(value -> alone(new Header(name, value))))
          .ifPresent(headers::add);
    }
    return fields.make(() -> new CustomHeaders(headers));
  }

  /// The header, if it is one that a person may set.
  private static Header alone(Header header) {
    return new CustomHeaders(List.of(header)).headers().getFirst();
  }
}
