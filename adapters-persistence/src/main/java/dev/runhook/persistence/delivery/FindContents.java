package dev.runhook.persistence.delivery;

import dev.runhook.application.spi.delivery.DeliveryContent;
import dev.runhook.application.spi.delivery.LeasedDelivery;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.persistence.jdbi.TransactionScope;
import dev.runhook.persistence.jdbi.UnnestParameters;
import java.util.Collection;
import java.util.Map;
import java.util.function.Function;

/// Finds what first deliveries of events send.
final class FindContents {
  /// The length of a payload is stored in its row, so it is known without reading the payload.
  private static final String EVENTS =
      """
      select id, kind, run_name, state, state_version, trace_parent, trace_state,
        case when octet_length(payload) <= :maxBytes then payload else '' end as payload,
        octet_length(payload) as payload_bytes
      from runhook.event where id = any (:ids) and payload is not null
      """;

  private final TransactionScope transaction;

  FindContents(TransactionScope transaction) {
    this.transaction = transaction;
  }

  /// @param content has an empty payload if the stored one was not loaded
  record Found(DeliveryContent content, int payloadBytes) {
    boolean isLoaded() {
      return content.payload().length() == payloadBytes;
    }

    /// Returns what [LeasedDelivery#bytes()] is once the payload is loaded.
    long bytes(Webhook webhook) {
      return LeasedDelivery.bytes(webhook, payloadBytes);
    }
  }

  /// Finds these events. Omits those that no longer exist or whose payload was erased.
  ///
  /// @param maxBytes larger payloads are not loaded
  Map<EventId, Found> find(Collection<EventId> events, long maxBytes) {
    return UnnestParameters.of(events)
        .uuids("ids", EventId::value)
        .bindTo(transaction.query(EVENTS))
        .bind("maxBytes", maxBytes)
        .map((row, ignored) ->
            new Found(DeliveryMapper.readContent(row), row.getInt("payload_bytes")))
        .collectToMap(found -> found.content().event(), Function.identity());
  }
}
