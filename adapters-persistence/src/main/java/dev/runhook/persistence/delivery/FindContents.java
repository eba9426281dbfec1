package dev.runhook.persistence.delivery;

import static java.util.stream.Collectors.toMap;

import dev.runhook.application.spi.DeliveryContent;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.event.Payload;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.persistence.jdbi.TransactionScope;
import dev.runhook.persistence.jdbi.UnnestParameters;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;

/// Finds what deliveries send: the payload of their event, or its rendering in the format of the
/// webhook.
final class FindContents {
  /// The length of a payload is stored in its row, so it is known without reading the payload.
  private static final String EVENTS =
      """
      select id, kind, run_name, state, state_version, trace_parent, trace_state, 'RUNHOOK' as format,
        case when octet_length(payload) <= :maxBytes then payload else '' end as sent,
        octet_length(payload) as sent_bytes
      from runhook.event where id = any (:ids) and payload is not null
      """;

  private static final String RENDERINGS =
      """
      select event_id, webhook_ids, format,
        case when octet_length(payload) <= :maxBytes then payload else '' end as sent,
        octet_length(payload) as sent_bytes
      from runhook.event_rendering
      where event_id = any (:ids) and webhook_ids && :webhooks and payload is not null
      """;

  private final TransactionScope transaction;

  FindContents(TransactionScope transaction) {
    this.transaction = transaction;
  }

  /// An event and the webhook that gets it.
  ///
  /// @param formatted whether the webhook has, or had, another format than Runhook's
  record Target(EventId event, WebhookId webhook, boolean formatted) {}

  /// @param content has an empty payload if the stored one was not loaded
  record Found(DeliveryContent content, int payloadBytes) {
    boolean isLoaded() {
      return content.payload().length() == payloadBytes;
    }

    /// Returns what [LeasedDelivery#bytes] is once the payload is loaded.
    long bytes(Webhook webhook) {
      return (long) payloadBytes + webhook.settings().headers().length();
    }
  }

  /// Finds what a first delivery to each target sends. Omits events that no longer exist or whose
  /// payload was erased.
  ///
  /// @param maxBytes larger payloads are not loaded
  Map<Target, Found> find(Collection<Target> targets, long maxBytes) {
    Map<EventId, Found> events =
        findEvents(targets.stream().map(Target::event).distinct().toList(), maxBytes);
    Map<Target, Rendering> renderings = findRenderings(targets, maxBytes);
    Map<Target, Found> contents = new HashMap<>();
    for (Target target : targets) {
      Found event = events.get(target.event());
      Rendering rendering = renderings.get(target);
      if (event != null) {
        contents.put(
            target,
            rendering == null
                ? event
                : new Found(
                    event.content().withPayload(rendering.payload()), rendering.payloadBytes()));
      }
    }
    return contents;
  }

  /// Finds events in Runhook's own format, like [#find].
  Map<EventId, Found> findEvents(Collection<EventId> events, long maxBytes) {
    return UnnestParameters.of(events)
        .uuids("ids", EventId::value)
        .bindTo(transaction.query(EVENTS))
        .bind("maxBytes", maxBytes)
        .map((row, ignored) -> new Found(DeliveryMapper.readContent(row), row.getInt("sent_bytes")))
        .collectToMap(found -> found.content().event(), Function.identity());
  }

  private record Rendering(EventId event, List<UUID> webhooks, Payload payload, int payloadBytes) {
    Stream<Map.Entry<Target, Rendering>> byTarget() {
      return webhooks.stream()
          .map(webhook -> Map.entry(new Target(event, new WebhookId(webhook), true), this));
    }
  }

  private Map<Target, Rendering> findRenderings(Collection<Target> targets, long maxBytes) {
    List<Target> formatted = targets.stream().filter(Target::formatted).toList();
    if (formatted.isEmpty()) {
      return Map.of();
    }
    return UnnestParameters.of(formatted)
        .uuids("ids", target -> target.event().value())
        .uuids("webhooks", target -> target.webhook().value())
        .bindTo(transaction.query(RENDERINGS))
        .bind("maxBytes", maxBytes)
        .map((row, ignored) ->
            new Rendering(
                new EventId(row.getObject("event_id", UUID.class)),
                List.of((UUID[]) row.getArray("webhook_ids").getArray()),
                DeliveryMapper.readSent(row),
                row.getInt("sent_bytes")))
        .stream()
        .flatMap(Rendering::byTarget)
        .collect(toMap(Map.Entry::getKey, Map.Entry::getValue, (first, ignored) -> first));
  }
}
