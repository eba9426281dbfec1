package dev.runhook.persistence.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.runhook.application.spi.delivery.Deliveries.CompletedAttempt;
import dev.runhook.domain.delivery.Attempt.RequestSnapshot;
import dev.runhook.domain.delivery.Disposition;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.event.Payload;
import dev.runhook.domain.event.StoredPayload;
import dev.runhook.domain.signing.Header;
import dev.runhook.persistence.jdbi.SqlValues;
import dev.runhook.persistence.jdbi.UnnestParameters;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The columns that the tables `attempt` and `delivery` have in common, with the result of an
/// attempt.
final class AttemptColumns {
  static final String NAMES =
      """
      started_at, duration_ns, outcome, detail, status_code, retry_after_ms, response_headers, response_body,
      response_truncated, request_revision, request_user_agent, request_signatures, request_format, request_body\
      """;

  /// The columns of the results of attempts.
  static final String RESULT_COLUMNS = "id, number, retry_delay_reason, " + NAMES;

  /// The arguments of `unnest` for [#RESULT_COLUMNS].
  static final String RESULT_ARRAYS =
      """
      :ids, :numbers, :retryDelayReasons, :started, :durations, :outcomes, :details, :statusCodes, :retryAfter,
      :headers, :bodies, :truncated, :revisions, :userAgents, :signatures, :requestFormats, :requestBodies\
      """;

  private static final String HEADER_SEPARATOR = ": ";

  private AttemptColumns() {}

  /// The parameters of [#RESULT_ARRAYS].
  static UnnestParameters<CompletedAttempt> results(Collection<CompletedAttempt> completed) {
    return leases(completed)
        .texts("retryDelayReasons", one -> retryDelayReason(one.disposition()))
        .instants("started", one -> one.attempt().startedAt())
        .longs("durations", one -> one.attempt().duration().toNanos())
        .texts("outcomes", one -> one.attempt().outcome().code().name())
        .texts("details", one -> detail(one.attempt().outcome()))
        .longs("statusCodes", responded(responded -> (long) responded.response().status()))
        .longs("retryAfter", responded(AttemptColumns::retryAfter))
        .texts("headers", responded(responded -> headerLines(responded.response().headers())))
        .bytes("bodies", responded(responded -> responded.response().bodyExcerpt().getBytes(UTF_8)))
        .booleans("truncated", responded(responded -> responded.response().truncated()))
        .longs("revisions", request(request -> (long) request.revision()))
        .texts("userAgents", request(RequestSnapshot::userAgent))
        .bytes("signatures", request(request -> request.signatures().bytes()))
        .texts("requestFormats", body(payload -> payload.format().name()))
        .bytes("requestBodies", body(Payload::bytes));
  }

  /// The parameters `ids`, `numbers`, `delays` and `probes`.
  static UnnestParameters<CompletedAttempt> retries(Collection<CompletedAttempt> completed) {
    return leases(completed)
        .longs("delays", one -> delay(one.disposition()))
        .booleans("probes", one -> one.leased().isProbe());
  }

  /// The parameters `ids` and `numbers`.
  static UnnestParameters<CompletedAttempt> leases(Collection<CompletedAttempt> completed) {
    return UnnestParameters.of(completed)
        .uuids("ids", one -> one.lease().delivery().value())
        .longs("numbers", one -> (long) one.lease().attempt());
  }

  static @Nullable String status(Disposition disposition) {
    return switch (disposition) {
      case Disposition.Delivered() -> "DELIVERED";
      case Disposition.Exhausted() -> "FAILED";
      case Disposition.Retry ignored -> null;
    };
  }

  private static @Nullable Long delay(Disposition disposition) {
    return disposition instanceof Disposition.Retry(var delay, var ignored)
        ? SqlValues.micros(delay)
        : null;
  }

  private static @Nullable String detail(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Responded ignored -> null;
      case Outcome.NoResponse(var ignored, var detail) -> SqlValues.replaceNul(detail);
      case Outcome.Blocked(var rule) -> SqlValues.replaceNul(rule);
      case Outcome.InternalFailure(var detail) -> SqlValues.replaceNul(detail);
    };
  }

  private static @Nullable Long retryAfter(Outcome.Responded responded) {
    return responded.retryAfter().map(SqlValues::millis).orElse(null);
  }

  private static @Nullable String retryDelayReason(Disposition disposition) {
    return disposition instanceof Disposition.Retry(var ignored, var reason)
        ? reason.map(SqlValues::replaceNul).orElse(null)
        : null;
  }

  /// A value of the response; null if there is none.
  private static <V> Function<CompletedAttempt, @Nullable V> responded(
      Function<Outcome.Responded, @Nullable V> value) {
    return one -> one.attempt().outcome() instanceof Outcome.Responded it ? value.apply(it) : null;
  }

  /// A value of the request; null if nothing was sent.
  private static <V> Function<CompletedAttempt, @Nullable V> request(
      Function<RequestSnapshot, V> value) {
    return one -> one.attempt().request().map(value).orElse(null);
  }

  /// A value of the body that was sent; null if it was Runhook's payload.
  private static <V> Function<CompletedAttempt, @Nullable V> body(Function<Payload, V> value) {
    return one ->
        one.attempt()
            .request()
            .flatMap(RequestSnapshot::body)
            .flatMap(StoredPayload::findPayload)
            .map(value)
            .orElse(null);
  }

  /// The stored form of headers, one in each line. Arrays would cost parsing in PostgreSQL.
  private static String headerLines(List<Header> headers) {
    return headers.stream()
        .map(header -> SqlValues.replaceNul(header.name() + HEADER_SEPARATOR + header.value()))
        .map(line -> line.replace('\r', ' ').replace('\n', ' '))
        .collect(Collectors.joining("\n"));
  }

  static List<Header> readHeaders(String lines) {
    return lines
        .lines()
        .map(line -> line.split(HEADER_SEPARATOR, 2))
        .map(header -> new Header(header[0], header[1]))
        .toList();
  }
}
