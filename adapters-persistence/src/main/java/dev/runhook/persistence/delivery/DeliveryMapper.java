package dev.runhook.persistence.delivery;

import static dev.runhook.persistence.jdbi.SqlValues.define;

import dev.runhook.application.spi.delivery.DeliveryContent;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.Delivery.LatestRedelivery;
import dev.runhook.domain.delivery.Delivery.TransitionRef;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.delivery.DeliveryPhase;
import dev.runhook.domain.delivery.LastResult;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.event.Event;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.event.Format;
import dev.runhook.domain.event.Payload;
import dev.runhook.domain.event.StoredPayload;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.TraceContext;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.persistence.jdbi.RowIds;
import dev.runhook.persistence.jdbi.SqlValues;
import dev.runhook.persistence.run.RunMapper;
import dev.runhook.persistence.webhook.WebhookMapper;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;

/// Reads deliveries, and the parts of events that they send.
final class DeliveryMapper {
  /// The columns of a delivery `d` that is joined with [#RESULTS] and `stack s`, except those of
  /// the health of its webhook. The caller adds `run_name`.
  static final String COLUMNS = "d.*, s.slug, a.*, n.*, now() as now, ";

  /// Joins the result of the latest finished attempt of the delivery `d`, and its newest
  /// redelivery, if it has failed. The equal column is also part of the order, as in
  /// [ListDeliveries].
  static final String RESULTS =
      """
      left join lateral (
        select t.outcome as last_outcome, t.status_code as last_status_code, t.detail as last_detail
        from runhook.all_attempts t where t.delivery_id = d.id order by t.number desc limit 1) a on true
      left join lateral (
        select n.id as resent_id, n.status as resent_status from runhook.all_deliveries n
        where d.status in ('FAILED', 'CANCELED') and REDELIVERED
        order by n.event_id desc, n.id desc limit 1) n on true
      """
          .transform(define("REDELIVERED", RedeliveryCondition.REDELIVERED));

  private DeliveryMapper() {}

  /// Reads a row of `all_deliveries` with [#COLUMNS], [WebhookMapper#HEALTH_COLUMNS] and
  /// `run_name`.
  static Delivery read(ResultSet row, AccountId account) throws SQLException {
    Optional<Long> previousVersion = SqlValues.findLong(row, "previous_version");
    Optional<Instant> nextAttemptAt = SqlValues.findInstant(row, "next_attempt_at");
    DeliveryPhase phase = readPhase(row, nextAttemptAt);
    return new Delivery(
        new DeliveryId(row.getObject("id", UUID.class)),
        RowIds.stackId(account.name(), row.getString("slug")),
        new WebhookId(row.getObject("webhook_id", UUID.class)),
        new EventId(row.getObject("event_id", UUID.class)),
        Event.Kind.valueOf(row.getString("kind")),
        readTransition(row).map(ref -> ref.withPreviousVersion(previousVersion)),
        phase,
        row.getInt("attempts"),
        nextAttemptAt,
        phase == DeliveryPhase.DELIVERED
            ? SqlValues.findInstant(row, "finished_at")
            : Optional.empty(),
        readLastResult(row),
        Optional.ofNullable(row.getObject("redelivery_of", UUID.class)).map(DeliveryId::new),
        readResent(row));
  }

  /// Reads the phase from a row with `status`, `leased_until`, `attempts`, `now` and
  /// [WebhookMapper#HEALTH_COLUMNS].
  static DeliveryPhase readPhase(ResultSet row, Optional<Instant> dueAt) throws SQLException {
    String status = row.getString("status");
    return status.equals("PENDING")
        ? DeliveryPhase.ofOpen(
            dueAt,
            SqlValues.findInstant(row, "leased_until"),
            row.getInt("attempts"),
            WebhookMapper.readHealth(row),
            WebhookMapper.readNextSend(row),
            SqlValues.instant(row, "now"))
        : DeliveryPhase.valueOf(status);
  }

  private static Optional<LatestRedelivery> readResent(ResultSet row) throws SQLException {
    UUID id = row.getObject("resent_id", UUID.class);
    return id == null
        ? Optional.empty()
        : Optional.of(
            new LatestRedelivery(
                new DeliveryId(id), Delivery.Status.valueOf(row.getString("resent_status"))));
  }

  private static Optional<LastResult> readLastResult(ResultSet row) throws SQLException {
    String outcome = row.getString("last_outcome");
    if (outcome == null) {
      return Optional.empty();
    }
    Integer status = row.getObject("last_status_code", Integer.class);
    return Optional.of(
        LastResult.of(
            status == null
                ? Outcome.withoutResponse(
                    Outcome.Code.valueOf(outcome), row.getString("last_detail"))
                : Outcome.Responded.of(status)));
  }

  /// Reads what a redelivery of the delivery `delivery_id` sends.
  static DeliveryContent readRedelivery(ResultSet row) throws SQLException {
    return readContent(row)
        .forDelivery(
            SqlValues.findLong(row, "previous_version"),
            Optional.of(new DeliveryId(row.getObject("delivery_id", UUID.class))));
  }

  /// Reads what a first delivery of the event `id` sends.
  static DeliveryContent readContent(ResultSet row) throws SQLException {
    return new DeliveryContent(
        new EventId(row.getObject("id", UUID.class)),
        Event.Kind.valueOf(row.getString("kind")),
        readTransition(row),
        Payload.of(row.getBytes("payload")),
        Optional.empty(),
        readTrace(row),
        RunMapper.findChanges(row));
  }

  /// Reads `run_name`, `state` and `state_version`; empty for a ping.
  private static Optional<TransitionRef> readTransition(ResultSet row) throws SQLException {
    String run = row.getString("run_name");
    return run == null
        ? Optional.empty()
        : Optional.of(
            new TransitionRef(
                run, RunState.valueOf(row.getString("state")), row.getLong("state_version")));
  }

  /// Reads the payload of an event, which has a hash if it was erased.
  static StoredPayload readPayload(ResultSet row) throws SQLException {
    byte[] sha256 = row.getBytes("payload_sha256");
    return sha256 == null
        ? new StoredPayload.Present(Payload.of(row.getBytes("payload")))
        : erased(sha256, Format.RUNHOOK);
  }

  static StoredPayload erased(byte[] sha256, Format format) {
    return new StoredPayload.Erased(HexFormat.of().formatHex(sha256), format);
  }

  static Optional<TraceContext> readTrace(ResultSet row) throws SQLException {
    String traceparent = row.getString("trace_parent");
    return traceparent == null
        ? Optional.empty()
        : TraceContext.parse(traceparent, String.valueOf(row.getString("trace_state")));
  }
}
