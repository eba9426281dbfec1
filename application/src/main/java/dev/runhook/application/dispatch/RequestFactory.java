package dev.runhook.application.dispatch;

import dev.runhook.application.delivery.RequestView;
import dev.runhook.application.delivery.RequestView.Source;
import dev.runhook.application.spi.DeliveryContent;
import dev.runhook.application.spi.LeasedDelivery;
import dev.runhook.application.spi.SignedRequest;
import dev.runhook.application.spi.StoredDelivery;
import dev.runhook.domain.delivery.Attempt;
import dev.runhook.domain.delivery.RequestSnapshot;
import dev.runhook.domain.event.Payload;
import dev.runhook.domain.signing.Header;
import dev.runhook.domain.signing.SecretDecryptionException;
import dev.runhook.domain.signing.SignatureSet;
import dev.runhook.domain.signing.WebhookSigner;
import dev.runhook.domain.webhook.CustomHeaders;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookRevision;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Makes the request of one attempt: the event's bytes and the headers that go with them.
///
/// @param userAgent such as `Runhook/1.0.0`
/// @param timeout of webhooks that have none of their own
public record RequestFactory(WebhookSigner signer, String userAgent, Duration timeout) {
  /// A request, and what is kept to tell of it later.
  record BuiltRequest(SignedRequest request, RequestSnapshot snapshot) {}

  BuiltRequest build(LeasedDelivery leasedDelivery, Instant sentAt) {
    Webhook webhook = leasedDelivery.webhook();
    DeliveryContent deliveryContent = leasedDelivery.content();
    String event = deliveryContent.event().toString();
    SignatureSet signatureSet =
        signer.sign(webhook.keys(), event, sentAt, deliveryContent.payload().bytes());
    List<Header> headers =
        DeliveryHeaders.of(leasedDelivery).forAttempt(leasedDelivery.lease().attempt(), userAgent);
    headers.addAll(signatureSet.headers(event, sentAt));
    headers.addAll(webhook.settings().headers().headers());
    Duration atMost = webhook.settings().delivery().timeoutOr(timeout);
    return new BuiltRequest(
        new SignedRequest(
            webhook.settings().endpoint(), headers, deliveryContent.payload(), atMost),
        new RequestSnapshot(webhook.revision(), userAgent, signatureSet));
  }

  /// The request of an ended attempt, byte for byte; absent where it left no imprint, or the
  /// webhook's headers of then cannot be had any more.
  public Optional<RequestView> findSent(StoredDelivery detail, Attempt attempt) {
    return attempt
        .request()
        .flatMap(requestSnapshot ->
            detail.revisions().stream()
                .filter(webhookRevision -> webhookRevision.number() == requestSnapshot.revision())
                .filter(revision -> revision.headers().isDecrypted())
                .findFirst()
                .map(revision -> findSent(detail, attempt, requestSnapshot, revision)));
  }

  private static RequestView findSent(
      StoredDelivery detail,
      Attempt attempt,
      RequestSnapshot requestSnapshot,
      WebhookRevision webhookRevision) {
    String event = detail.delivery().event().toString();
    List<Header> headers =
        DeliveryHeaders.of(detail).forAttempt(attempt.number(), requestSnapshot.userAgent());
    headers.addAll(requestSnapshot.signatures().headers(event, attempt.startedAt()));
    headers.addAll(webhookRevision.headers().headers());
    return new RequestView(Source.SENT, attempt.number(), webhookRevision.endpoint(), headers);
  }

  /// A request worked out from the webhook as it is now; without signatures where the secret cannot
  /// be had, or the bytes, and without the webhook's own headers where those cannot.
  public RequestView reconstruct(
      StoredDelivery detail, Source source, int attempt, Instant sentAt) {
    Webhook webhook = detail.webhook();
    List<Header> headers = DeliveryHeaders.of(detail).forAttempt(attempt, userAgent);
    headers.addAll(
        detail
            .payload()
            .findPayload()
            .map(payload -> signaturesOf(detail, sentAt, payload))
            .orElse(List.of()));
    CustomHeaders own = webhook.settings().headers();
    headers.addAll(own.isDecrypted() ? own.headers() : List.of());
    return new RequestView(source, attempt, webhook.settings().endpoint(), headers);
  }

  private List<Header> signaturesOf(StoredDelivery detail, Instant sentAt, Payload payload) {
    String event = detail.delivery().event().toString();
    try {
      return signer.signatureHeaders(detail.webhook().keys(), event, sentAt, payload.bytes());
    } catch (SecretDecryptionException _) {
      return List.of();
    }
  }
}
