package dev.runhook.http.delivery;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.runhook.application.delivery.DeliveryDetails;
import dev.runhook.application.delivery.RequestView;
import dev.runhook.domain.delivery.Attempt;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.delivery.ReceiverResponse;
import dev.runhook.domain.event.Payload;
import dev.runhook.domain.event.StoredPayload;
import dev.runhook.domain.signing.Header;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One delivery with all that is known of it. Its attempts take the place of their number.
record DeliveryDetailsJson(
    @JsonUnwrapped @JsonIgnoreProperties("attempts") DeliveryRoutes.DeliveryJson delivery,
    RequestJson request,
    List<AttemptJson> attempts,
    List<String> explanation) {
  /// @param basis whether it was sent so, byte for byte
  /// @param attempt that it is of
  /// @param body the text exactly as it is sent; null where it is forgotten
  /// @param bodySha256 what is left of a body that is forgotten, in hexadecimal digits
  record RequestJson(
      RequestView.Source source,
      int attempt,
      String endpoint,
      Map<String, String> headers,
      @Nullable String body,
      @Nullable String bodySha256) {
    static RequestJson of(DeliveryDetails story) {
      return switch (story.payload()) {
        case StoredPayload.Present(Payload payload) -> of(story.request(), payload.text(), null);
        case StoredPayload.Erased(String sha256) -> of(story.request(), null, sha256);
      };
    }

    private static RequestJson of(
        RequestView request, @Nullable String body, @Nullable String bodySha256) {
      return new RequestJson(
          request.source(),
          request.attempt(),
          request.endpoint().text(),
          byName(request.headers()),
          body,
          bodySha256);
    }
  }

  /// @param endpoint where it was sent; null, as are its headers, where nothing was sent or what
  ///   was is not known
  /// @param responseHeaders null where there was no answer, as are the other parts of it
  record AttemptJson(
      int number,
      Instant startedAt,
      long durationMs,
      Outcome.Code outcome,
      @Nullable Integer statusCode,
      @Nullable String error,
      @Nullable Map<String, String> responseHeaders,
      @Nullable String responseBody,
      boolean responseTruncated,
      @Nullable String endpoint,
      @Nullable Map<String, String> requestHeaders) {
    static AttemptJson of(Attempt attempt, Optional<RequestView> sent) {
      Optional<ReceiverResponse> answer =
          attempt.outcome() instanceof Outcome.Responded responded
              ? Optional.of(responded.response())
              : Optional.empty();
      return new AttemptJson(
          attempt.number(),
          attempt.startedAt(),
          attempt.duration().toMillis(),
          attempt.outcome().code(),
          answer.map(ReceiverResponse::status).orElse(null),
          attempt.outcome().error().orElse(null),
          answer.map(ReceiverResponse::headers).map(DeliveryDetailsJson::byName).orElse(null),
          answer.map(ReceiverResponse::bodyExcerpt).orElse(null),
          answer.map(ReceiverResponse::truncated).orElse(false),
          sent.map(request -> request.endpoint().text()).orElse(null),
          sent.map(RequestView::headers).map(DeliveryDetailsJson::byName).orElse(null));
    }
  }

  static DeliveryDetailsJson of(DeliveryDetails story) {
    return new DeliveryDetailsJson(
        DeliveryRoutes.DeliveryJson.of(story.delivery()),
        RequestJson.of(story),
        story.attempts().stream()
            .map(attempt ->
                AttemptJson.of(
                    attempt, Optional.ofNullable(story.sentRequests().get(attempt.number()))))
            .toList(),
        story.explanation());
  }

  /// Values of one name are joined by a comma, as HTTP allows.
  private static Map<String, String> byName(List<Header> headers) {
    Map<String, String> result = new LinkedHashMap<>();
    headers.forEach(
        header -> result.merge(header.name(), header.value(), (one, other) -> one + ", " + other));
    return result;
  }
}
