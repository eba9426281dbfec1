package dev.runhook.persistence.delivery;

import dev.runhook.application.spi.DeliveryContent;
import dev.runhook.application.spi.Lease;
import dev.runhook.application.spi.LeasedDelivery;
import dev.runhook.domain.delivery.Delivery.TransitionRef;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.event.Event;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.event.Payload;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.trace.TraceContext;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.persistence.jdbi.TransactionScope;
import dev.runhook.persistence.jdbi.UnnestParameters;
import dev.runhook.persistence.run.JdbiEvents;
import dev.runhook.persistence.secret.SecretCipher;
import dev.runhook.persistence.webhook.WebhookMapper;
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
final class LeasedDeliveryReader {
  /// What is read of a taken delivery `t` with its webhook `w` and stack `s`.
  static final String COLUMNS =
      "t.id as t_id, t.event_id as t_event_id, t.attempts as t_attempts, t.failures as t_failures, t.previous_version as t_previous_version, t.redelivery_of as t_redelivery_of, "
          + WebhookMapper.COLUMNS;

  private final TransactionScope transactionScope;

  LeasedDeliveryReader(TransactionScope session) {
    this.transactionScope = session;
  }

  record ClaimedRow(
      Lease lease,
      Webhook webhook,
      UUID event,
      Optional<Long> previous,
      Optional<DeliveryId> redeliveryOf) {
    LeasedDelivery toLeasedDelivery(EventContent eventContent) {
      return new LeasedDelivery(
          lease,
          webhook,
          new DeliveryContent(
              new EventId(event),
              eventContent.kind(),
              eventContent.move().map(transitionRef -> transitionRef.withPreviousVersion(previous)),
              eventContent.payload(),
              redeliveryOf,
              eventContent.trace()));
    }
  }

  record EventContent(
      Event.Kind kind,
      Optional<TransitionRef> move,
      Payload payload,
      Optional<TraceContext> trace) {}

  static ClaimedRow readClaimedRow(ResultSet row, SecretCipher cipher) throws SQLException {
    return new ClaimedRow(
        new Lease(
            new DeliveryId(row.getObject("t_id", UUID.class)),
            row.getInt("t_attempts"),
            row.getInt("t_failures")),
        WebhookMapper.read(row, cipher),
        row.getObject("t_event_id", UUID.class),
        Optional.ofNullable((Long) row.getObject("t_previous_version")),
        Optional.ofNullable(row.getObject("t_redelivery_of", UUID.class)).map(DeliveryId::new));
  }

  /// In the same order. What has lost its event is left out; it is forgotten together with events
  /// of its age.
  List<LeasedDelivery> read(List<ClaimedRow> taken) {
    if (taken.isEmpty()) {
      return List.of();
    }
    Map<UUID, EventContent> tellings =
        findContents(taken.stream().map(ClaimedRow::event).distinct().toList());
    return taken.stream()
        .flatMap(one -> Stream.ofNullable(tellings.get(one.event())).map(one::toLeasedDelivery))
        .toList();
  }

  /// What those of the events say that are still there.
  Map<UUID, EventContent> findContents(Collection<UUID> events) {
    return UnnestParameters.of(events)
        .uuids("ids", id -> id)
        .bindTo(
            transactionScope.query(
                "select id, kind, run_name, state, state_version, payload, trace_parent, trace_state from runhook.event where id = any (:ids) and payload is not null"))
        .map((row, _) -> Map.entry(row.getObject("id", UUID.class), readTelling(row)))
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  private static EventContent readTelling(ResultSet row) throws SQLException {
    return new EventContent(
        Event.Kind.valueOf(row.getString("kind")),
        readTransitionRef(row, row.getString("run_name")),
        Payload.of(row.getBytes("payload")),
        JdbiEvents.readTrace(row));
  }

  static Optional<TransitionRef> readTransitionRef(ResultSet row, @Nullable String run)
      throws SQLException {
    return run == null
        ? Optional.empty()
        : Optional.of(
            new TransitionRef(
                run, RunState.valueOf(row.getString("state")), row.getLong("state_version")));
  }
}
