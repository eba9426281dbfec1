package dev.runhook.http;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.runhook.application.delivery.DeliveryStory;
import dev.runhook.application.delivery.ShownRequest;
import dev.runhook.domain.delivery.Answer;
import dev.runhook.domain.delivery.Attempt;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.event.Body;
import dev.runhook.domain.event.Payload;
import dev.runhook.domain.signing.Header;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One delivery with all that is known of it. Its attempts take the place of their number.
record StoryJson(
    @JsonUnwrapped @JsonIgnoreProperties("attempts") DeliveryRoutes.DeliveryJson delivery,
    RequestJson request,
    List<AttemptJson> attempts,
    List<String> explain) {
  /// @param basis whether it was sent so, byte for byte
  /// @param attempt that it is of
  /// @param body the text exactly as it is sent; null where it is forgotten
  /// @param bodySha256 what is left of a body that is forgotten, in hexadecimal digits
  record RequestJson(
      ShownRequest.Basis basis,
      int attempt,
      String endpoint,
      Map<String, String> headers,
      @Nullable String body,
      @Nullable String bodySha256) {
    static RequestJson of(DeliveryStory story) {
      return switch (story.body()) {
        case Body.Kept(Payload payload) -> of(story.request(), payload.text(), null);
        case Body.Forgotten(String sha256) -> of(story.request(), null, sha256);
      };
    }

    private static RequestJson of(
        ShownRequest request, @Nullable String body, @Nullable String bodySha256) {
      return new RequestJson(
          request.basis(),
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
    static AttemptJson of(Attempt attempt, Optional<ShownRequest> sent) {
      Optional<Answer> answer =
          attempt.outcome() instanceof Outcome.Answered answered
              ? Optional.of(answered.answer())
              : Optional.empty();
      return new AttemptJson(
          attempt.number(),
          attempt.startedAt(),
          attempt.took().toMillis(),
          attempt.outcome().code(),
          answer.map(Answer::status).orElse(null),
          attempt.outcome().error().orElse(null),
          answer.map(Answer::headers).map(StoryJson::byName).orElse(null),
          answer.map(Answer::bodyStart).orElse(null),
          answer.map(Answer::truncated).orElse(false),
          sent.map(request -> request.endpoint().text()).orElse(null),
          sent.map(ShownRequest::headers).map(StoryJson::byName).orElse(null));
    }
  }

  static StoryJson of(DeliveryStory story) {
    return new StoryJson(
        DeliveryRoutes.DeliveryJson.of(story.delivery()),
        RequestJson.of(story),
        story.attempts().stream()
            .map(attempt ->
                AttemptJson.of(attempt, Optional.ofNullable(story.sent().get(attempt.number()))))
            .toList(),
        story.explain());
  }

  /// Values of one name are joined by a comma, as HTTP allows.
  private static Map<String, String> byName(List<Header> headers) {
    Map<String, String> result = new LinkedHashMap<>();
    headers.forEach(
        header -> result.merge(header.name(), header.value(), (one, other) -> one + ", " + other));
    return result;
  }
}
