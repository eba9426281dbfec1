package dev.runhook.persistence.delivery;

import dev.runhook.application.spi.DeliveryContent;
import dev.runhook.domain.delivery.Delivery.TransitionRef;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.event.Event;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.event.Payload;
import dev.runhook.domain.event.StoredPayload;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.trace.TraceContext;
import dev.runhook.persistence.jdbi.TransactionScope;
import dev.runhook.persistence.jdbi.UnnestParameters;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// Reads the parts of events that deliveries send.
final class EventContents {
  private static final String FIND =
      """
      select id, kind, run_name, state, state_version, payload, trace_parent, trace_state
      from runhook.event where id = any (:ids) and payload is not null
      """;

  private final TransactionScope transaction;

  EventContents(TransactionScope transaction) {
    this.transaction = transaction;
  }

  record Content(
      Event.Kind kind,
      Optional<TransitionRef> transition,
      Payload payload,
      Optional<TraceContext> trace) {
    DeliveryContent toDelivery(
        EventId event, Optional<Long> previousVersion, Optional<DeliveryId> redeliveryOf) {
      return new DeliveryContent(
          event,
          kind,
          transition.map(ref -> ref.withPreviousVersion(previousVersion)),
          payload,
          redeliveryOf,
          trace);
    }
  }

  /// Omits events that no longer exist or whose payload was erased.
  Map<EventId, Content> find(Collection<EventId> events) {
    return UnnestParameters.of(events)
        .uuids("ids", EventId::value)
        .bindTo(transaction.query(FIND))
        .map((row, _) -> Map.entry(new EventId(row.getObject("id", UUID.class)), read(row)))
        .collectToMap(Map.Entry::getKey, Map.Entry::getValue);
  }

  private static Content read(ResultSet row) throws SQLException {
    return new Content(
        Event.Kind.valueOf(row.getString("kind")),
        readTransition(row),
        Payload.of(row.getBytes("payload")),
        readTrace(row));
  }

  /// Reads `run_name`, `state` and `state_version`; empty for a ping.
  static Optional<TransitionRef> readTransition(ResultSet row) throws SQLException {
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
