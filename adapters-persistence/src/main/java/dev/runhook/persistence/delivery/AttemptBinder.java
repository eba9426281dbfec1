package dev.runhook.persistence.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.runhook.application.spi.CompletedAttempt;
import dev.runhook.domain.delivery.Disposition;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.delivery.ReceiverResponse;
import dev.runhook.domain.delivery.RequestSnapshot;
import dev.runhook.domain.signing.Header;
import dev.runhook.persistence.jdbi.SqlText;
import dev.runhook.persistence.jdbi.Timestamps;
import dev.runhook.persistence.jdbi.UnnestParameters;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Binds completed attempts to a statement.
final class AttemptBinder {
  private AttemptBinder() {}

  static UnnestParameters<CompletedAttempt> of(Collection<CompletedAttempt> completed) {
    return UnnestParameters.of(completed)
        .instants("started", one -> one.attempt().startedAt())
        .longs("durations", one -> one.attempt().duration().toNanos())
        .texts("outcomes", one -> name(one.attempt().outcome()))
        .texts("causes", one -> cause(one.attempt().outcome()))
        .texts("details", one -> detail(one.attempt().outcome()))
        .longs("statusCodes", response(response -> (long) response.status()))
        .longs("retryAfter", one -> retryAfter(one.attempt().outcome()))
        .textArrays("headerNames", response(response -> texts(response, Header::name)))
        .textArrays("headerValues", response(response -> texts(response, Header::value)))
        .bytes("bodies", response(response -> response.bodyExcerpt().getBytes(UTF_8)))
        .booleans("truncated", response(ReceiverResponse::truncated))
        .texts("retryDelayReasons", one -> retryDelayReason(one.disposition()))
        .longs("revisions", request(request -> (long) request.revision()))
        .texts("userAgents", request(RequestSnapshot::userAgent))
        .bytes("signatures", request(request -> request.signatures().bytes()));
  }

  private static String name(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Responded _ -> "RESPONDED";
      case Outcome.NoResponse _ -> "NO_RESPONSE";
      case Outcome.Blocked _ -> "BLOCKED";
      case Outcome.InternalFailure _ -> "INTERNAL_ERROR";
    };
  }

  private static @Nullable String cause(Outcome outcome) {
    return outcome instanceof Outcome.NoResponse noResponse ? noResponse.cause().name() : null;
  }

  private static @Nullable String detail(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Responded _ -> null;
      case Outcome.NoResponse noResponse -> SqlText.replaceNul(noResponse.detail());
      case Outcome.Blocked blocked -> SqlText.replaceNul(blocked.rule());
      case Outcome.InternalFailure error -> SqlText.replaceNul(error.detail());
    };
  }

  private static @Nullable Long retryAfter(Outcome outcome) {
    return outcome instanceof Outcome.Responded responded
        ? responded.retryAfter().map(Timestamps::millis).orElse(null)
        : null;
  }

  private static @Nullable String retryDelayReason(Disposition disposition) {
    return disposition instanceof Disposition.Retry(_, var reason)
        ? reason.map(SqlText::replaceNul).orElse(null)
        : null;
  }

  /// A value of the response; null if there is none.
  private static <V> Function<CompletedAttempt, @Nullable V> response(
      Function<ReceiverResponse, V> value) {
    return one ->
        one.attempt().outcome() instanceof Outcome.Responded responded
            ? value.apply(responded.response())
            : null;
  }

  /// A value of the request; null if nothing was sent.
  private static <V> Function<CompletedAttempt, @Nullable V> request(
      Function<RequestSnapshot, V> value) {
    return one -> one.attempt().request().map(value).orElse(null);
  }

  private static List<String> texts(ReceiverResponse response, Function<Header, String> part) {
    return response.headers().stream().map(part).map(SqlText::replaceNul).toList();
  }
}
