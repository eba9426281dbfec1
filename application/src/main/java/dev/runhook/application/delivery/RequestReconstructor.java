package dev.runhook.application.delivery;

import dev.runhook.application.delivery.DeliveryDetails.AttemptView;
import dev.runhook.application.delivery.DeliveryDetails.RequestView;
import dev.runhook.application.delivery.DeliveryDetails.RequestView.Source;
import dev.runhook.application.dispatch.AttemptPayload;
import dev.runhook.application.dispatch.RequestFactory;
import dev.runhook.application.spi.delivery.Deliveries.StoredDelivery;
import dev.runhook.application.spi.delivery.PayloadRenderer;
import dev.runhook.domain.delivery.Attempt;
import dev.runhook.domain.delivery.Attempt.RequestSnapshot;
import dev.runhook.domain.event.Payload;
import dev.runhook.domain.event.StoredPayload;
import dev.runhook.domain.signing.Header;
import dev.runhook.domain.signing.SecretDecryptionException;
import dev.runhook.domain.webhook.CustomHeaders;
import dev.runhook.domain.webhook.PagerDutyKey;
import dev.runhook.domain.webhook.Webhook;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Reconstructs the requests of a stored delivery.
record RequestReconstructor(RequestFactory factory, PayloadRenderer renderer) {
  /// Returns the finished attempts. The request of an attempt is absent if it has no stored
  /// snapshot, or if its custom headers can no longer be decrypted.
  List<AttemptView> attempts(StoredDelivery stored) {
    return stored.attempts().stream()
        .map(attempt ->
            new AttemptView(
                attempt, attempt.request().flatMap(snapshot -> sent(stored, attempt, snapshot))))
        .toList();
  }

  private static Optional<RequestView> sent(
      StoredDelivery stored, Attempt attempt, RequestSnapshot snapshot) {
    String event = stored.delivery().event().toString();
    return stored.revisions().stream()
        .filter(revision -> revision.number() == snapshot.revision())
        .filter(revision -> revision.headers().isDecrypted())
        .findFirst()
        .map(revision -> {
          StoredPayload body = snapshot.body().orElse(stored.payload());
          List<Header> headers =
              RequestFactory.deliveryHeaders(
                  stored, attempt.number(), snapshot.userAgent(), body.format());
          headers.addAll(snapshot.signatures().headers(event, attempt.startedAt()));
          headers.addAll(revision.headers().masked());
          return new RequestView(Source.SENT, attempt.number(), revision.endpoint(), headers, body);
        });
  }

  /// Returns the request of the latest finished attempt, or a preview if there is none.
  ///
  /// @param attempts the result of [#attempts]
  RequestView latest(StoredDelivery stored, List<AttemptView> attempts, Instant now) {
    if (attempts.isEmpty()) {
      int next = Math.max(1, stored.delivery().attemptCount());
      return reconstruct(stored, Source.PREVIEW, next, now);
    }
    AttemptView last = attempts.getLast();
    return last.request()
        .orElseGet(() ->
            reconstruct(
                stored, Source.RECONSTRUCTED, last.attempt().number(), last.attempt().startedAt()));
  }

  /// Uses the current settings of the webhook. Omits the signatures if the secret cannot be
  /// decrypted or the payload is erased, and the custom headers if they cannot be decrypted.
  private RequestView reconstruct(
      StoredDelivery stored, Source source, int attempt, Instant sentAt) {
    Webhook webhook = stored.webhook();
    StoredPayload body =
        stored
            .findContent()
            .<StoredPayload>map(content ->
                new StoredPayload.Present(
                    AttemptPayload.of(renderer, content, webhook.settings().delivery()).payload()))
            .orElse(stored.payload());
    List<Header> headers =
        RequestFactory.deliveryHeaders(stored, attempt, factory.userAgent(), body.format());
    body.findPayload()
        .ifPresent(payload -> headers.addAll(signatureHeaders(stored, sentAt, payload)));
    CustomHeaders custom = webhook.settings().headers();
    if (custom.isDecrypted()) {
      headers.addAll(custom.masked());
    }
    return new RequestView(source, attempt, webhook.settings().endpoint(), headers, body);
  }

  private List<Header> signatureHeaders(StoredDelivery stored, Instant sentAt, Payload payload) {
    String event = stored.delivery().event().toString();
    Webhook webhook = stored.webhook();
    try {
      byte[] body = PagerDutyKey.insert(webhook, payload).bytes();
      return factory.signer().signatureHeaders(webhook.keys(), event, sentAt, body);
    } catch (SecretDecryptionException ignored) {
      return List.of();
    }
  }
}
