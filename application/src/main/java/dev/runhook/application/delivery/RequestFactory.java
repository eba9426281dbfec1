package dev.runhook.application.delivery;

import dev.runhook.application.delivery.ShownRequest.Basis;
import dev.runhook.application.spi.DeliveryDetail;
import dev.runhook.application.spi.Letter;
import dev.runhook.application.spi.Parcel;
import dev.runhook.application.spi.SignedRequest;
import dev.runhook.domain.delivery.Attempt;
import dev.runhook.domain.delivery.Imprint;
import dev.runhook.domain.event.Payload;
import dev.runhook.domain.signing.Header;
import dev.runhook.domain.signing.SecretUnreadableException;
import dev.runhook.domain.signing.Signatures;
import dev.runhook.domain.signing.Signed;
import dev.runhook.domain.webhook.CustomHeaders;
import dev.runhook.domain.webhook.Revision;
import dev.runhook.domain.webhook.Webhook;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Makes the request of one attempt: the event's bytes and the headers that go with them.
///
/// @param userAgent such as `Runhook/1.0.0`
/// @param timeout of webhooks that have none of their own
public record RequestFactory(Signatures signatures, String userAgent, Duration timeout) {
  /// A request, and what is kept to tell of it later.
  record Made(SignedRequest request, Imprint imprint) {}

  Made make(Parcel parcel, Instant sentAt) {
    Webhook webhook = parcel.webhook();
    Letter letter = parcel.letter();
    String event = letter.event().toString();
    Signed signed = signatures.make(webhook.keys(), event, sentAt, letter.payload().bytes());
    List<Header> headers = Description.of(parcel).headers(parcel.lease().attempt(), userAgent);
    headers.addAll(signed.headers(event, sentAt));
    headers.addAll(webhook.settings().headers().headers());
    Duration atMost = webhook.settings().pace().timeoutOr(timeout);
    return new Made(
        new SignedRequest(webhook.settings().endpoint(), headers, letter.payload(), atMost),
        new Imprint(webhook.revision(), userAgent, signed));
  }

  /// The request of an ended attempt, byte for byte; absent where it left no imprint, or the
  /// webhook's headers of then cannot be had any more.
  Optional<ShownRequest> sent(DeliveryDetail detail, Attempt attempt) {
    return attempt
        .imprint()
        .flatMap(imprint ->
            detail.revisions().stream()
                .filter(revision -> revision.number() == imprint.revision())
                .filter(revision -> revision.headers().isReadable())
                .findFirst()
                .map(revision -> sent(detail, attempt, imprint, revision)));
  }

  private static ShownRequest sent(
      DeliveryDetail detail, Attempt attempt, Imprint imprint, Revision revision) {
    String event = detail.delivery().event().toString();
    List<Header> headers = Description.of(detail).headers(attempt.number(), imprint.userAgent());
    headers.addAll(imprint.signed().headers(event, attempt.startedAt()));
    headers.addAll(revision.headers().headers());
    return new ShownRequest(Basis.SENT, attempt.number(), revision.endpoint(), headers);
  }

  /// A request worked out from the webhook as it is now; without signatures where the secret cannot
  /// be had, or the bytes, and without the webhook's own headers where those cannot.
  ShownRequest workedOut(DeliveryDetail detail, Basis basis, int attempt, Instant sentAt) {
    Webhook webhook = detail.webhook();
    List<Header> headers = Description.of(detail).headers(attempt, userAgent);
    headers.addAll(
        detail
            .body()
            .findPayload()
            .map(payload -> signaturesOf(detail, sentAt, payload))
            .orElse(List.of()));
    CustomHeaders own = webhook.settings().headers();
    headers.addAll(own.isReadable() ? own.headers() : List.of());
    return new ShownRequest(basis, attempt, webhook.settings().endpoint(), headers);
  }

  private List<Header> signaturesOf(DeliveryDetail detail, Instant sentAt, Payload payload) {
    String event = detail.delivery().event().toString();
    try {
      return signatures.sign(detail.webhook().keys(), event, sentAt, payload.bytes());
    } catch (SecretUnreadableException _) {
      return List.of();
    }
  }
}
