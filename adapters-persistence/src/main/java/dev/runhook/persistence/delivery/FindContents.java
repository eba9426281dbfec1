package dev.runhook.persistence.delivery;

import dev.runhook.application.spi.delivery.DeliveryContent;
import dev.runhook.domain.event.EventId;
import dev.runhook.persistence.jdbi.TransactionScope;
import dev.runhook.persistence.jdbi.UnnestParameters;
import java.util.Collection;
import java.util.Map;
import java.util.function.Function;

/// Finds what first deliveries of events send.
final class FindContents {
  private static final String EVENTS =
      """
      select id, kind, run_name, state, state_version, trace_parent, trace_state, changes, payload
      from runhook.event where id = any (:ids) and payload is not null
      """;

  private final TransactionScope transaction;

  FindContents(TransactionScope transaction) {
    this.transaction = transaction;
  }

  /// Finds these events. Omits those that no longer exist or whose payload was erased.
  Map<EventId, DeliveryContent> find(Collection<EventId> events) {
    return UnnestParameters.of(events)
        .uuids("ids", EventId::value)
        .bindTo(transaction.query(EVENTS))
        .map((row, ignored) -> DeliveryMapper.readContent(row))
        .collectToMap(DeliveryContent::event, Function.identity());
  }
}
