package dev.runhook.application.delivery;

import dev.runhook.application.spi.Letter;
import dev.runhook.application.spi.Parcel;
import dev.runhook.application.spi.SignedRequest;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.signing.Header;
import dev.runhook.domain.signing.SecretUnreadableException;
import dev.runhook.domain.signing.Signatures;
import dev.runhook.domain.webhook.Webhook;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

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
    return headers(delivery, attempt, webhook, letter, signed);
  }

  /// Those headers for people; without signatures where the secret cannot be had.
  List<Header> shownHeaders(
      DeliveryId delivery, int attempt, Webhook webhook, Letter letter, Instant sentAt) {
    try {
      return headers(delivery, attempt, webhook, letter, sentAt);
    } catch (SecretUnreadableException _) {
      return headers(delivery, attempt, webhook, letter, List.of());
    }
  }

  private List<Header> headers(
      DeliveryId delivery, int attempt, Webhook webhook, Letter letter, List<Header> signed) {
    List<Header> headers = new ArrayList<>();
    headers.add(new Header("Content-Type", "application/json"));
    headers.add(new Header("User-Agent", userAgent));
    headers.add(new Header("X-Runhook-Event", letter.kind().wireName()));
    headers.add(new Header("X-Runhook-Delivery", delivery.toString()));
    headers.add(new Header("X-Runhook-Attempt", Integer.toString(attempt)));
    letter
        .move()
        .flatMap(Delivery.Move::previous)
        .ifPresent(
            version -> headers.add(new Header("X-Runhook-Previous-Version", version.toString())));
    letter
        .redeliveryOf()
        .ifPresent(of -> headers.add(new Header("X-Runhook-Redelivery-Of", of.toString())));
    letter
        .trace()
        .map(span -> span.attempt(delivery.value(), attempt))
        .ifPresent(span -> {
          headers.add(new Header("traceparent", span.parent()));
          if (!span.state().isEmpty()) {
            headers.add(new Header("tracestate", span.state()));
          }
        });
    headers.addAll(signed);
    headers.addAll(webhook.settings().headers().headers());
    return headers;
  }
}
