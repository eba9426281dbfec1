package dev.runhook.persistence.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.runhook.application.spi.Deliveries.CompletedAttempt;
import dev.runhook.application.spi.Deliveries.CompletionResult;
import dev.runhook.application.spi.Deliveries.LaneKey;
import dev.runhook.application.spi.Lease;
import dev.runhook.domain.delivery.Attempt.RequestSnapshot;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.delivery.Disposition;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.signing.Header;
import dev.runhook.persistence.jdbi.SqlValues;
import dev.runhook.persistence.jdbi.TransactionScope;
import dev.runhook.persistence.jdbi.UnnestParameters;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Stores the results of attempts. A lease is valid while its delivery is leased and has the number
/// of its attempt. A later result changes nothing.
final class CompleteAttempts {
  private static final String COMPLETE =
      """
      with s as (
        select * from unnest(:ids, :numbers, :statuses, :delays, :started, :durations, :outcomes, :causes, :details,
            :statusCodes, :retryAfter, :headerNames, :headerValues, :bodies, :truncated, :retryDelayReasons,
            :revisions, :userAgents, :signatures)
          as s (id, number, status, delay, started_at, duration_ns, outcome, cause, detail, status_code,
            retry_after_ms, header_names, header_values, body, truncated, retry_delay_reason, revision, user_agent,
            signatures)
      ), finished as (
        delete from runhook.delivery_queue q using s
        where q.id = s.id and q.attempts = s.number and q.leased_until is not null and s.status is not null
        returning q.*, s.status, s.number
      ), rescheduled as (
        update runhook.delivery_queue q
        set due_at = now() + s.delay * interval '1 microsecond', leased_until = null, failures = q.failures + 1
        from s
        where q.id = s.id and q.attempts = s.number and q.leased_until is not null and s.status is null
        returning q.id, s.number
      ), inserted_deliveries as (
        insert into runhook.delivery (id, webhook_id, run_id, event_id, kind, state, state_version, previous_version,
          status, attempts, redelivery_of)
        select id, webhook_id, run_id, event_id, kind, state, state_version, previous_version, status, attempts,
          redelivery_of
        from finished
      ), inserted_attempts as (
        insert into runhook.attempt (delivery_id, number, started_at, duration_ns, outcome, cause, detail,
          status_code, retry_after_ms, response_header_names, response_header_values, response_body,
          response_truncated, retry_delay_reason, request_revision, request_user_agent, request_signatures)
        select s.id, s.number, s.started_at, s.duration_ns, s.outcome, s.cause, s.detail, s.status_code,
          s.retry_after_ms, s.header_names::text[], s.header_values::text[], s.body, s.truncated,
          s.retry_delay_reason, s.revision, s.user_agent, s.signatures
        from s
        join (select id, number from finished union all select id, number from rescheduled) a
          on a.id = s.id and a.number = s.number
        on conflict do nothing
      )
      select f.id, l.webhook_id, l.run_id
      from finished f left join lateral (
        select f.webhook_id, f.run_id
        where exists (
          select from runhook.delivery_queue q
          where q.webhook_id = f.webhook_id and q.run_id = f.run_id and q.id <> f.id)
      ) l on true
      union all
      select id, null, null from rescheduled
      """;

  private static final String RELEASE =
      """
      update runhook.delivery_queue q set leased_until = null, attempts = q.attempts - 1
      from unnest(:ids, :numbers) as l (id, number)
      where q.id = l.id and q.attempts = l.number and q.leased_until is not null
      """;

  private final TransactionScope transaction;

  CompleteAttempts(TransactionScope transaction) {
    this.transaction = transaction;
  }

  private record Applied(DeliveryId delivery, Optional<LaneKey> unblockedLane) {}

  CompletionResult complete(Collection<CompletedAttempt> completed) {
    Set<DeliveryId> applied = new HashSet<>();
    Set<LaneKey> unblockedLanes = new HashSet<>();
    UnnestParameters.of(completed)
        .uuids("ids", one -> one.lease().delivery().value())
        .longs("numbers", one -> (long) one.lease().attempt())
        .texts("statuses", one -> status(one.disposition()))
        .longs("delays", one -> delay(one.disposition()))
        .instants("started", one -> one.attempt().startedAt())
        .longs("durations", one -> one.attempt().duration().toNanos())
        .texts("outcomes", one -> OutcomeRow.of(one.attempt().outcome()).name())
        .texts("causes", one -> OutcomeRow.of(one.attempt().outcome()).cause())
        .texts("details", one -> OutcomeRow.of(one.attempt().outcome()).detail())
        .longs("statusCodes", responded(responded -> (long) responded.response().status()))
        .longs("retryAfter", responded(CompleteAttempts::retryAfter))
        .textArrays("headerNames", responded(responded -> texts(responded, Header::name)))
        .textArrays("headerValues", responded(responded -> texts(responded, Header::value)))
        .bytes("bodies", responded(responded -> responded.response().bodyExcerpt().getBytes(UTF_8)))
        .booleans("truncated", responded(responded -> responded.response().truncated()))
        .texts("retryDelayReasons", one -> retryDelayReason(one.disposition()))
        .longs("revisions", request(request -> (long) request.revision()))
        .texts("userAgents", request(RequestSnapshot::userAgent))
        .bytes("signatures", request(request -> request.signatures().bytes()))
        .bindTo(transaction.unpreparedQuery(COMPLETE))
        .map((row, _) ->
            new Applied(new DeliveryId(row.getObject("id", UUID.class)), LaneHeads.readLane(row)))
        .forEach(one -> {
          applied.add(one.delivery());
          one.unblockedLane().ifPresent(unblockedLanes::add);
        });
    return new CompletionResult(applied, unblockedLanes);
  }

  private static @Nullable String status(Disposition disposition) {
    return switch (disposition) {
      case Disposition.Delivered() -> "DELIVERED";
      case Disposition.Exhausted() -> "FAILED";
      case Disposition.Retry _ -> null;
    };
  }

  private static @Nullable Long delay(Disposition disposition) {
    return disposition instanceof Disposition.Retry(var delay, _) ? SqlValues.micros(delay) : null;
  }

  void release(Collection<Lease> leases) {
    UnnestParameters.of(leases)
        .uuids("ids", lease -> lease.delivery().value())
        .longs("numbers", lease -> (long) lease.attempt())
        .bindTo(transaction.unpreparedUpdate(RELEASE))
        .execute();
  }

  /// The stored form of an outcome, without the response.
  private record OutcomeRow(String name, @Nullable String cause, @Nullable String detail) {
    static OutcomeRow of(Outcome outcome) {
      return switch (outcome) {
        case Outcome.Responded _ -> new OutcomeRow("RESPONDED", null, null);
        case Outcome.NoResponse(var cause, var detail) ->
            new OutcomeRow("NO_RESPONSE", cause.name(), SqlValues.replaceNul(detail));
        case Outcome.Blocked(var rule) ->
            new OutcomeRow("BLOCKED", null, SqlValues.replaceNul(rule));
        case Outcome.InternalFailure(var detail) ->
            new OutcomeRow("INTERNAL_ERROR", null, SqlValues.replaceNul(detail));
      };
    }
  }

  private static @Nullable Long retryAfter(Outcome.Responded responded) {
    return responded.retryAfter().map(SqlValues::millis).orElse(null);
  }

  private static @Nullable String retryDelayReason(Disposition disposition) {
    return disposition instanceof Disposition.Retry(_, var reason)
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

  private static List<String> texts(Outcome.Responded responded, Function<Header, String> part) {
    return responded.response().headers().stream().map(part).map(SqlValues::replaceNul).toList();
  }
}
