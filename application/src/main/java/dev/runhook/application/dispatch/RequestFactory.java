package dev.runhook.application.dispatch;

import dev.runhook.application.spi.delivery.DeliveryContent;
import dev.runhook.application.spi.delivery.LeasedDelivery;
import dev.runhook.application.spi.delivery.Transport.SignedRequest;
import dev.runhook.domain.delivery.Attempt.RequestSnapshot;
import dev.runhook.domain.event.Payload;
import dev.runhook.domain.event.StoredPayload;
import dev.runhook.domain.signing.Header;
import dev.runhook.domain.signing.SignatureSet;
import dev.runhook.domain.signing.WebhookSigner;
import dev.runhook.domain.webhook.PagerDutyKey;
import dev.runhook.domain.webhook.Webhook;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// Builds the request of one attempt from the rendered event, the delivery's headers, the
/// signatures and the webhook's own headers. A [PagerDutyKey] is inserted before the body is
/// signed.
///
/// @param userAgent such as `Runhook/1.0.0`
/// @param config decides the timeouts
public record RequestFactory(WebhookSigner signer, String userAgent, DispatchConfig config) {
  /// @param snapshot the parts of the request that are stored, because they cannot be reconstructed
  record BuiltRequest(SignedRequest request, RequestSnapshot snapshot) {
    /// Returns the same request, whose body is stored because it is not the event's payload.
    BuiltRequest withBody(Payload body) {
      return new BuiltRequest(request, snapshot.withBody(new StoredPayload.Present(body)));
    }
  }

  /// Builds the request of a delivery that is not stored.
  ///
  /// @param delivery has what the attempt sends as its payload
  public SignedRequest request(LeasedDelivery delivery, Instant sentAt) {
    return build(delivery, sentAt, signatures -> signatures).request();
  }

  /// Builds the same request with signatures that are not valid. A receiver must refuse it.
  public SignedRequest forgedRequest(LeasedDelivery delivery, Instant sentAt) {
    return build(delivery, sentAt, SignatureSet::forged).request();
  }

  /// @param rendered what the attempt sends
  BuiltRequest build(LeasedDelivery delivery, Payload rendered, Instant sentAt) {
    BuiltRequest built = build(delivery.withPayload(rendered), sentAt, signatures -> signatures);
    return rendered.equals(delivery.content().payload()) ? built : built.withBody(rendered);
  }

  private BuiltRequest build(
      LeasedDelivery delivery, Instant sentAt, UnaryOperator<SignatureSet> change) {
    Webhook webhook = delivery.webhook();
    DeliveryContent content = delivery.content();
    String event = content.event().toString();
    Payload body = PagerDutyKey.insert(webhook, content.payload());
    SignatureSet signatures =
        change.apply(signer.sign(webhook.keys(), event, sentAt, body.bytes()));
    List<Header> headers =
        DeliveryHeaders.of(delivery)
            .forAttempt(delivery.lease().attempt(), userAgent, body.format());
    headers.addAll(signatures.headers(event, sentAt));
    headers.addAll(webhook.settings().headers().headers());
    return new BuiltRequest(
        new SignedRequest(
            webhook.stack().account(),
            webhook.settings().endpoint(),
            headers,
            body,
            config.timeoutOf(webhook)),
        new RequestSnapshot(webhook.revision(), userAgent, signatures, Optional.empty()));
  }
}
