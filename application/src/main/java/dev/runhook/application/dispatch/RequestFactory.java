package dev.runhook.application.dispatch;

import dev.runhook.application.spi.delivery.Deliveries.StoredDelivery;
import dev.runhook.application.spi.delivery.DeliveryContent;
import dev.runhook.application.spi.delivery.LeasedDelivery;
import dev.runhook.application.spi.delivery.Transport.SignedRequest;
import dev.runhook.domain.delivery.Attempt.RequestSnapshot;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.event.Event;
import dev.runhook.domain.event.Format;
import dev.runhook.domain.event.Payload;
import dev.runhook.domain.event.StoredPayload;
import dev.runhook.domain.run.TraceContext;
import dev.runhook.domain.signing.Header;
import dev.runhook.domain.signing.SignatureSet;
import dev.runhook.domain.signing.WebhookSigner;
import dev.runhook.domain.webhook.PagerDutyKey;
import dev.runhook.domain.webhook.Webhook;
import java.time.Instant;
import java.util.ArrayList;
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

  /// Builds the headers that describe an attempt of a stored delivery.
  ///
  /// @param format what the attempt sends
  /// @return a list that the caller may append to
  public static List<Header> deliveryHeaders(
      StoredDelivery stored, int attempt, String userAgent, Format format) {
    return DeliveryHeaders.of(stored).forAttempt(attempt, userAgent, format);
  }

  /// The headers that describe a delivery. They depend on immutable data only, so the headers of an
  /// attempt are always the same.
  private record DeliveryHeaders(
      DeliveryId delivery,
      Event.Kind kind,
      Optional<Delivery.TransitionRef> transition,
      Optional<DeliveryId> redeliveryOf,
      Optional<TraceContext> trace) {
    static DeliveryHeaders of(LeasedDelivery delivery) {
      DeliveryContent content = delivery.content();
      return new DeliveryHeaders(
          delivery.lease().delivery(),
          content.kind(),
          content.transition(),
          content.redeliveryOf(),
          content.trace());
    }

    static DeliveryHeaders of(StoredDelivery stored) {
      Delivery delivery = stored.delivery();
      return new DeliveryHeaders(
          delivery.id(),
          delivery.kind(),
          delivery.transition(),
          delivery.redeliveryOf(),
          stored.trace());
    }

    /// @param format what the attempt sends
    /// @return a list that the caller may append to
    List<Header> forAttempt(int attempt, String userAgent, Format format) {
      List<Header> headers = new ArrayList<>();
      headers.add(new Header("Content-Type", format.contentType()));
      headers.add(new Header("User-Agent", userAgent));
      headers.add(new Header("X-Runhook-Event", kind.eventName()));
      if (kind == Event.Kind.TEST) {
        headers.add(new Header("X-Runhook-Test", "true"));
      }
      headers.add(new Header("X-Runhook-Delivery", delivery.toString()));
      headers.add(new Header("X-Runhook-Attempt", Integer.toString(attempt)));
      transition
          .flatMap(Delivery.TransitionRef::previousVersion)
          .ifPresent(
              version -> headers.add(new Header("X-Runhook-Previous-Version", version.toString())));
      redeliveryOf.ifPresent(
          id -> headers.add(new Header("X-Runhook-Redelivery-Of", id.toString())));
      trace
          .map(span -> span.forAttempt(delivery.value(), attempt))
          .ifPresent(span -> {
            headers.add(new Header("traceparent", span.traceparent()));
            if (!span.tracestate().isEmpty()) {
              headers.add(new Header("tracestate", span.tracestate()));
            }
          });
      return headers;
    }
  }
}
