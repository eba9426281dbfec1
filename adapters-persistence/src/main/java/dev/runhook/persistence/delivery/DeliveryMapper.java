package dev.runhook.persistence.delivery;

import dev.runhook.application.spi.DeliveryContent;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.Delivery.TransitionRef;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.delivery.LastResult;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.event.Event;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.event.Payload;
import dev.runhook.domain.event.StoredPayload;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.run.TraceContext;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.persistence.jdbi.RowIds;
import dev.runhook.persistence.jdbi.SqlValues;
import dev.runhook.persistence.jdbi.TransactionScope;
import dev.runhook.persistence.jdbi.UnnestParameters;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Reads deliveries, and the parts of events that they send.
final class DeliveryMapper {
  /// The length of a payload is stored in its row, so it is known without reading the payload.
  private static final String FIND_EVENTS =
      """
      select id, kind, run_name, state, state_version, trace_parent, trace_state,
        case when octet_length(payload) <= :maxBytes then payload else '' end as payload,
        octet_length(payload) as payload_bytes
      from runhook.event where id = any (:ids) and payload is not null
      """;

  /// Joins the result of the latest finished attempt of the delivery `d`.
  static final String LAST_RESULT =
      """
      left join lateral (
        select t.outcome as last_outcome, t.status_code as last_status_code
        from runhook.all_attempts t where t.delivery_id = d.id order by t.number desc limit 1) a on true
      """;

  private DeliveryMapper() {}

  /// What a first delivery of an event sends.
  ///
  /// @param content has an empty payload if the stored one was not loaded
  record EventRow(DeliveryContent content, int payloadBytes) {
    boolean isLoaded() {
      return content.payload().length() == payloadBytes;
    }

    /// Returns what [LeasedDelivery#bytes] is once the payload is loaded.
    long bytes(Webhook webhook) {
      return (long) payloadBytes + webhook.settings().headers().length();
    }
  }

  /// Reads a row of `all_deliveries`, joined with `stack` for `slug`, with `run` for `run_name`,
  /// and with [#LAST_RESULT].
  static Delivery read(ResultSet row, AccountId account) throws SQLException {
    Optional<Long> previousVersion = Optional.ofNullable((Long) row.getObject("previous_version"));
    Delivery.Status status = Delivery.Status.valueOf(row.getString("status"));
    return new Delivery(
        new DeliveryId(row.getObject("id", UUID.class)),
        RowIds.stackId(account.name(), row.getString("slug")),
        new WebhookId(row.getObject("webhook_id", UUID.class)),
        new EventId(row.getObject("event_id", UUID.class)),
        Event.Kind.valueOf(row.getString("kind")),
        readTransition(row).map(ref -> ref.withPreviousVersion(previousVersion)),
        status,
        row.getInt("attempts"),
        SqlValues.findInstant(row, "next_attempt_at"),
        status == Delivery.Status.DELIVERED
            ? SqlValues.findInstant(row, "finished_at")
            : Optional.empty(),
        readLastResult(row),
        Optional.ofNullable(row.getObject("redelivery_of", UUID.class)).map(DeliveryId::new));
  }

  private static Optional<LastResult> readLastResult(ResultSet row) throws SQLException {
    String outcome = row.getString("last_outcome");
    return outcome == null
        ? Optional.empty()
        : Optional.of(
            new LastResult(
                Outcome.Code.valueOf(outcome),
                Optional.ofNullable(row.getObject("last_status_code", Integer.class))));
  }

  /// Reads what a redelivery of the delivery `delivery_id` sends.
  static DeliveryContent readRedelivery(ResultSet row) throws SQLException {
    return readContent(row)
        .forDelivery(
            Optional.ofNullable((Long) row.getObject("previous_version")),
            Optional.of(new DeliveryId(row.getObject("delivery_id", UUID.class))));
  }

  /// Finds what a first delivery of each event sends. Omits events that no longer exist or whose
  /// payload was erased.
  static Map<EventId, DeliveryContent> findContents(
      TransactionScope transaction, Collection<EventId> events) {
    return findEvents(transaction, events, Long.MAX_VALUE).values().stream()
        .map(EventRow::content)
        .collect(Collectors.toMap(DeliveryContent::event, Function.identity()));
  }

  /// Like [#findContents], without payloads that are larger than `maxBytes`.
  static Map<EventId, EventRow> findEvents(
      TransactionScope transaction, Collection<EventId> events, long maxBytes) {
    return UnnestParameters.of(events)
        .uuids("ids", EventId::value)
        .bindTo(transaction.query(FIND_EVENTS))
        .bind("maxBytes", maxBytes)
        .map((row, ignored) -> new EventRow(readContent(row), row.getInt("payload_bytes")))
        .collectToMap(row -> row.content().event(), Function.identity());
  }

  private static DeliveryContent readContent(ResultSet row) throws SQLException {
    return new DeliveryContent(
        new EventId(row.getObject("id", UUID.class)),
        Event.Kind.valueOf(row.getString("kind")),
        readTransition(row),
        Payload.of(row.getBytes("payload")),
        Optional.empty(),
        readTrace(row));
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

  static StoredPayload readPayload(ResultSet row) throws SQLException {
    byte[] payload = row.getBytes("payload");
    return payload == null
        ? new StoredPayload.Erased(HexFormat.of().formatHex(row.getBytes("payload_sha256")))
        : new StoredPayload.Present(Payload.of(payload));
  }

  static Optional<TraceContext> readTrace(ResultSet row) throws SQLException {
    String traceparent = row.getString("trace_parent");
    return traceparent == null
        ? Optional.empty()
        : TraceContext.parse(traceparent, String.valueOf(row.getString("trace_state")));
  }
}
