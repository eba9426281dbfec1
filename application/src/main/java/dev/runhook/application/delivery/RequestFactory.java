package dev.runhook.application.delivery;

import dev.runhook.application.spi.DeliveryDetail;
import dev.runhook.application.spi.Letter;
import dev.runhook.application.spi.Parcel;
import dev.runhook.application.spi.SignedRequest;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.event.Event;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.event.Payload;
import dev.runhook.domain.signing.Header;
import dev.runhook.domain.signing.SecretUnreadableException;
import dev.runhook.domain.signing.Signatures;
import dev.runhook.domain.trace.TraceContext;
import dev.runhook.domain.webhook.Webhook;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Makes the request of one attempt: the event's bytes and the headers that go with them.
///
/// @param userAgent such as `Runhook/1.0.0`
/// @param timeout of webhooks that have none of their own
public record RequestFactory(Signatures signatures, String userAgent, Duration timeout) {
  SignedRequest request(Parcel parcel, Instant sentAt) {
    return new SignedRequest(
        parcel.webhook().settings().endpoint(),
        headers(
            parcel.lease().delivery(),
            parcel.lease().attempt(),
            parcel.webhook(),
            parcel.letter(),
            sentAt),
        parcel.letter().payload(),
        parcel.webhook().settings().pace().timeoutOr(timeout));
  }

  List<Header> headers(
      DeliveryId delivery, int attempt, Webhook webhook, Letter letter, Instant sentAt) {
    List<Header> signed =
        signatures.sign(
            webhook.keys(), letter.event().toString(), sentAt, letter.payload().bytes());
    List<Header> headers = described(delivery, attempt, About.of(letter));
    headers.addAll(signed);
    headers.addAll(webhook.settings().headers().headers());
    return headers;
  }

  /// Those headers for people; without signatures where the secret cannot be had, or the bytes.
  List<Header> shownHeaders(DeliveryDetail detail, int attempt, Instant sentAt) {
    Delivery delivery = detail.delivery();
    Webhook webhook = detail.webhook();
    List<Header> headers = described(delivery.id(), attempt, About.of(detail));
    headers.addAll(
        detail
            .body()
            .findPayload()
            .map(payload -> signaturesOf(webhook, delivery.event(), sentAt, payload))
            .orElse(List.of()));
    headers.addAll(webhook.settings().headers().headers());
    return headers;
  }

  private List<Header> signaturesOf(
      Webhook webhook, EventId event, Instant sentAt, Payload payload) {
    try {
      return signatures.sign(webhook.keys(), event.toString(), sentAt, payload.bytes());
    } catch (SecretUnreadableException _) {
      return List.of();
    }
  }

  /// What headers tell of a delivery besides its body.
  private record About(
      Event.Kind kind,
      Optional<Delivery.Move> move,
      Optional<DeliveryId> redeliveryOf,
      Optional<TraceContext> trace) {
    static About of(Letter letter) {
      return new About(letter.kind(), letter.move(), letter.redeliveryOf(), letter.trace());
    }

    static About of(DeliveryDetail detail) {
      Delivery delivery = detail.delivery();
      return new About(delivery.kind(), delivery.move(), delivery.redeliveryOf(), detail.trace());
    }
  }

  private List<Header> described(DeliveryId delivery, int attempt, About about) {
    List<Header> headers = new ArrayList<>();
    headers.add(new Header("Content-Type", "application/json"));
    headers.add(new Header("User-Agent", userAgent));
    headers.add(new Header("X-Runhook-Event", about.kind().wireName()));
    headers.add(new Header("X-Runhook-Delivery", delivery.toString()));
    headers.add(new Header("X-Runhook-Attempt", Integer.toString(attempt)));
    about
        .move()
        .flatMap(Delivery.Move::previous)
        .ifPresent(
            version -> headers.add(new Header("X-Runhook-Previous-Version", version.toString())));
    about
        .redeliveryOf()
        .ifPresent(of -> headers.add(new Header("X-Runhook-Redelivery-Of", of.toString())));
    about
        .trace()
        .map(span -> span.attempt(delivery.value(), attempt))
        .ifPresent(span -> {
          headers.add(new Header("traceparent", span.parent()));
          if (!span.state().isEmpty()) {
            headers.add(new Header("tracestate", span.state()));
          }
        });
    return headers;
  }
}
