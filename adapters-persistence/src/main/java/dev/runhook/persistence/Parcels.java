package dev.runhook.persistence;

import dev.runhook.application.spi.Lease;
import dev.runhook.application.spi.Letter;
import dev.runhook.application.spi.Parcel;
import dev.runhook.domain.delivery.Delivery.Move;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.event.Event;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.event.Payload;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.trace.TraceContext;
import dev.runhook.domain.webhook.Webhook;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Completes what was taken with what its events say. Events are read apart: of many parts, they
/// would make the statement that takes slow to plan.
final class Parcels {
  /// What is read of a taken delivery `t` with its webhook `w` and stack `s`.
  static final String TAKEN =
      "t.id as t_id, t.event_id as t_event_id, t.attempts as t_attempts, t.failures as t_failures, t.previous_version as t_previous_version, t.redelivery_of as t_redelivery_of, "
          + WebhookRows.COLUMNS;

  private final Session session;

  Parcels(Session session) {
    this.session = session;
  }

  record Taken(
      Lease lease,
      Webhook webhook,
      UUID event,
      Optional<Long> previous,
      Optional<DeliveryId> redeliveryOf) {
    Parcel with(Telling telling) {
      return new Parcel(
          lease,
          webhook,
          new Letter(
              new EventId(event),
              telling.kind(),
              telling.move().map(move -> move.after(previous)),
              telling.payload(),
              redeliveryOf,
              telling.trace()));
    }
  }

  record Telling(
      Event.Kind kind, Optional<Move> move, Payload payload, Optional<TraceContext> trace) {}

  static Taken readTaken(ResultSet row, SecretCipher cipher) throws SQLException {
    return new Taken(
        new Lease(
            new DeliveryId(row.getObject("t_id", UUID.class)),
            row.getInt("t_attempts"),
            row.getInt("t_failures")),
        WebhookRows.read(row, cipher),
        row.getObject("t_event_id", UUID.class),
        Optional.ofNullable((Long) row.getObject("t_previous_version")),
        Optional.ofNullable(row.getObject("t_redelivery_of", UUID.class)).map(DeliveryId::new));
  }

  /// In the same order. What has lost its event is left out; it is forgotten together with events
  /// of its age.
  List<Parcel> of(List<Taken> taken) {
    if (taken.isEmpty()) {
      return List.of();
    }
    Map<UUID, Telling> tellings = tellings(taken.stream().map(Taken::event).distinct().toList());
    return taken.stream()
        .flatMap(one -> Stream.ofNullable(tellings.get(one.event())).map(one::with))
        .toList();
  }

  /// What those of the events say that are still there.
  Map<UUID, Telling> tellings(Collection<UUID> events) {
    return Columns.of(events)
        .uuids("ids", id -> id)
        .bindTo(
            session.query(
                "select id, kind, run_name, state, state_version, payload, trace_parent, trace_state from runhook.event where id = any (:ids) and payload is not null"))
        .map((row, _) -> Map.entry(row.getObject("id", UUID.class), readTelling(row)))
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  private static Telling readTelling(ResultSet row) throws SQLException {
    return new Telling(
        Event.Kind.valueOf(row.getString("kind")),
        readMove(row, row.getString("run_name")),
        Payload.of(row.getBytes("payload")),
        JdbiEvents.readTrace(row));
  }

  static Optional<Move> readMove(ResultSet row, @Nullable String run) throws SQLException {
    return run == null
        ? Optional.empty()
        : Optional.of(
            new Move(run, RunState.valueOf(row.getString("state")), row.getLong("state_version")));
  }
}
