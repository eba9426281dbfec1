package dev.runhook.persistence.delivery;

import static java.util.Comparator.comparing;

import dev.runhook.application.spi.delivery.DeliveryContent;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.persistence.delivery.RenderedEvents.Rendering;
import dev.runhook.persistence.jdbi.TransactionScope;
import dev.runhook.persistence.jdbi.UnnestParameters;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Finds what deliveries send: the rendering of their event in the format that the webhook has now,
/// or else the payload of the event.
final class FindContents {
  /// The length of a payload is stored in its row, so it is known without reading the payload.
  private static final String EVENTS =
      """
      select id, kind, run_name, state, state_version, trace_parent, trace_state, 'RUNHOOK' as format,
        case when octet_length(payload) <= :maxBytes then payload else '' end as sent,
        octet_length(payload) as sent_bytes
      from runhook.event where id = any (:ids) and payload is not null
      """;

  private final TransactionScope transaction;

  FindContents(TransactionScope transaction) {
    this.transaction = transaction;
  }

  /// @param content has an empty payload if the stored one was not loaded. Its format is Runhook's
  ///   if there is no rendering in the format that the webhook has now
  /// @param outdated whether the delivery has a rendering that differs from the wanted one
  record Found(DeliveryContent content, int payloadBytes, boolean outdated) {
    boolean isLoaded() {
      return content.payload().length() == payloadBytes;
    }

    /// Returns what [LeasedDelivery#bytes] is once the payload is loaded.
    long bytes(Webhook webhook) {
      return (long) payloadBytes + webhook.settings().headers().length();
    }
  }

  /// Finds what each target sends. Omits events that no longer exist or whose payload was erased.
  ///
  /// @param maxBytes larger payloads are not loaded
  Map<DeliveryId, Found> find(Collection<DeliveryTarget> targets, long maxBytes) {
    Map<EventId, Found> events =
        findEvents(targets.stream().map(DeliveryTarget::event).distinct().toList(), maxBytes);
    Map<EventId, List<Rendering>> renderings =
        new RenderedEvents(transaction).find(targets, maxBytes);
    Map<DeliveryId, Found> contents = new HashMap<>();
    for (DeliveryTarget target : targets) {
      Found event = events.get(target.event());
      if (event != null) {
        contents.put(
            target.delivery(),
            rendered(target, event, renderings.getOrDefault(target.event(), List.of())));
      }
    }
    return contents;
  }

  private static Found rendered(DeliveryTarget target, Found event, List<Rendering> ofEvent) {
    if (!target.formatted()) {
      return event;
    }
    Optional<Rendering> latest =
        ofEvent.stream()
            .filter(rendering -> rendering.isSentBy(target))
            .min(comparing(rendering -> rendering.delivery().isEmpty()));
    return latest
        .filter(rendering -> rendering.key().equals(target.wanted()))
        .map(rendering ->
            new Found(
                event.content().withPayload(rendering.payload()), rendering.payloadBytes(), false))
        .orElseGet(() -> new Found(event.content(), event.payloadBytes(), latest.isPresent()));
  }

  /// Finds events in Runhook's own format, like [#find].
  Map<EventId, Found> findEvents(Collection<EventId> events, long maxBytes) {
    return UnnestParameters.of(events)
        .uuids("ids", EventId::value)
        .bindTo(transaction.query(EVENTS))
        .bind("maxBytes", maxBytes)
        .map((row, ignored) ->
            new Found(DeliveryMapper.readContent(row), row.getInt("sent_bytes"), false))
        .collectToMap(found -> found.content().event(), Function.identity());
  }
}
