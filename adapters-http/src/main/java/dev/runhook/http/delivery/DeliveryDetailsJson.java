package dev.runhook.http.delivery;

import static java.util.Optional.empty;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.runhook.application.delivery.DeliveryDetails;
import dev.runhook.application.delivery.DeliveryDetails.AttemptView;
import dev.runhook.application.delivery.DeliveryDetails.RequestView;
import dev.runhook.domain.delivery.Attempt;
import dev.runhook.domain.delivery.Attempt.RequestSnapshot;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.delivery.ReceiverResponse;
import dev.runhook.domain.event.Payload;
import dev.runhook.domain.event.StoredPayload;
import dev.runhook.domain.event.StoredPayload.Erased;
import dev.runhook.domain.event.StoredPayload.Present;
import dev.runhook.domain.signing.Header;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A delivery with its request, attempts and explanation.
///
/// @param attempts the latest ones, ordered by number
/// @param attemptsTruncated whether there are earlier attempts
record DeliveryDetailsJson(
    @JsonUnwrapped DeliveryJson delivery,
    RequestJson request,
    List<AttemptJson> attempts,
    boolean attemptsTruncated,
    List<ExplanationJson> explanation) {
  /// @param source whether the request is shown exactly as sent, reconstructed, or previewed
  /// @param attempt the number of the attempt that the request belongs to
  /// @param body the exact text of the body; null if it was erased
  /// @param bodySha256 the SHA-256 of an erased body, in hexadecimal digits
  record RequestJson(
      RequestView.Source source,
      int attempt,
      String endpoint,
      Map<String, String> headers,
      Optional<String> body,
      Optional<String> bodySha256) {
    static RequestJson of(RequestView request) {
      return switch (request.body()) {
        case Present(Payload payload) -> of(request, Optional.of(payload.text()), empty());
        case Erased(String sha256, var ignored) -> of(request, empty(), Optional.of(sha256));
      };
    }

    private static RequestJson of(
        RequestView request, Optional<String> body, Optional<String> bodySha256) {
      return new RequestJson(
          request.source(),
          request.attempt(),
          request.endpoint().text(),
          byName(request.headers()),
          body,
          bodySha256);
    }
  }

  /// @param endpoint the URL that was called; null, like the request headers, if nothing was sent
  ///   or the request is not known
  /// @param requestBody null if it was Runhook's payload, or was erased
  /// @param responseHeaders null, like the other response fields, if there was no response
  record AttemptJson(
      int number,
      Instant startedAt,
      long durationMs,
      Outcome.Code outcome,
      Optional<Integer> statusCode,
      Optional<String> error,
      Optional<Map<String, String>> responseHeaders,
      Optional<String> responseBody,
      boolean responseTruncated,
      Optional<String> endpoint,
      Optional<Map<String, String>> requestHeaders,
      Optional<String> requestBody) {
    static AttemptJson of(AttemptView view) {
      Attempt attempt = view.attempt();
      Optional<ReceiverResponse> response =
          attempt.outcome() instanceof Outcome.Responded responded
              ? Optional.of(responded.response())
              : empty();
      return new AttemptJson(
          attempt.number(),
          attempt.startedAt(),
          attempt.duration().toMillis(),
          attempt.outcome().code(),
          response.map(ReceiverResponse::status),
          attempt.outcome().error(),
          response.map(ReceiverResponse::headers).map(DeliveryDetailsJson::byName),
          response.map(ReceiverResponse::bodyExcerpt),
          response.map(ReceiverResponse::truncated).orElse(false),
          view.request().map(request -> request.endpoint().text()),
          view.request().map(RequestView::headers).map(DeliveryDetailsJson::byName),
          attempt
              .request()
              .flatMap(RequestSnapshot::body)
              .flatMap(StoredPayload::findPayload)
              .map(Payload::text));
    }
  }

  static DeliveryDetailsJson of(DeliveryDetails details) {
    return new DeliveryDetailsJson(
        DeliveryJson.of(details.delivery()),
        RequestJson.of(details.request()),
        details.attempts().stream().map(AttemptJson::of).toList(),
        details.hasEarlierAttempts(),
        ExplanationJson.of(details.explanation()));
  }

  /// Joins the values of headers with the same name with commas, as HTTP allows.
  private static Map<String, String> byName(List<Header> headers) {
    Map<String, String> result = new LinkedHashMap<>();
    headers.forEach(
        header -> result.merge(header.name(), header.value(), (one, other) -> one + ", " + other));
    return result;
  }
}
