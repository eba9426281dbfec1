package dev.runhook.persistence.delivery;

import dev.runhook.application.spi.DeliveryContent;
import dev.runhook.application.spi.Lease;
import dev.runhook.application.spi.LeasedDelivery;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.Delivery.TransitionRef;
import dev.runhook.domain.delivery.DeliveryId;
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
import dev.runhook.persistence.secret.SecretCipher;
import dev.runhook.persistence.webhook.WebhookMapper;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jdbi.v3.core.statement.Query;

/// Reads deliveries, and the parts of events that they send.
final class DeliveryMapper {
  /// The columns of a leased delivery `q` with its webhook `w` and stack `s`.
  static final String LEASED_COLUMNS =
      """
      q.id as q_id, q.event_id as q_event_id, q.attempts as q_attempts, q.failures as q_failures,
      q.previous_version as q_previous_version, q.redelivery_of as q_redelivery_of,
      """
          + WebhookMapper.COLUMNS;

  private static final String FIND_CONTENTS =
      """
      select id, kind, run_name, state, state_version, payload, trace_parent, trace_state
      from runhook.event where id = any (:ids) and payload is not null
      """;

  private DeliveryMapper() {}

  private record LeasedRow(
      Lease lease,
      Webhook webhook,
      EventId event,
      Optional<Long> previousVersion,
      Optional<DeliveryId> redeliveryOf) {
    LeasedDelivery with(DeliveryContent content) {
      return new LeasedDelivery(lease, webhook, content.forDelivery(previousVersion, redeliveryOf));
    }
  }

  /// Executes a statement that leases deliveries and returns [#LEASED_COLUMNS], and adds the
  /// content of their events. A second query reads the events, because joining the partitioned
  /// table makes planning slow. Keeps the order of the rows. Deliveries whose event no longer
  /// exists are omitted; they expire together with the events of that age.
  static List<LeasedDelivery> readLeased(
      Query statement, TransactionScope transaction, SecretCipher cipher) {
    List<LeasedRow> rows = statement.map((row, _) -> readLeased(row, cipher)).list();
    if (rows.isEmpty()) {
      return List.of();
    }
    Map<EventId, DeliveryContent> contents =
        findContents(transaction, rows.stream().map(LeasedRow::event).distinct().toList());
    return rows.stream()
        .flatMap(row -> Stream.ofNullable(contents.get(row.event())).map(row::with))
        .toList();
  }

  private static LeasedRow readLeased(ResultSet row, SecretCipher cipher) throws SQLException {
    return new LeasedRow(
        new Lease(
            new DeliveryId(row.getObject("q_id", UUID.class)),
            row.getInt("q_attempts"),
            row.getInt("q_failures")),
        WebhookMapper.read(row, cipher),
        new EventId(row.getObject("q_event_id", UUID.class)),
        Optional.ofNullable((Long) row.getObject("q_previous_version")),
        Optional.ofNullable(row.getObject("q_redelivery_of", UUID.class)).map(DeliveryId::new));
  }

  /// Reads a row of `all_deliveries`, joined with `stack` for `slug` and with `run` for `run_name`.
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
        Optional.ofNullable(row.getObject("redelivery_of", UUID.class)).map(DeliveryId::new));
  }

  /// Reads `previous_version` by `id`.
  static Map<DeliveryId, Optional<Long>> readPreviousVersions(Query query) {
    return query
        .map((row, _) ->
            Map.entry(
                new DeliveryId(row.getObject("id", UUID.class)),
                Optional.ofNullable((Long) row.getObject("previous_version"))))
        .collectToMap(Map.Entry::getKey, Map.Entry::getValue);
  }

  /// Finds what a first delivery of each event sends. Omits events that no longer exist or whose
  /// payload was erased.
  static Map<EventId, DeliveryContent> findContents(
      TransactionScope transaction, Collection<EventId> events) {
    return UnnestParameters.of(events)
        .uuids("ids", EventId::value)
        .bindTo(transaction.query(FIND_CONTENTS))
        .map((row, _) -> readContent(row))
        .collectToMap(DeliveryContent::event, content -> content);
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
