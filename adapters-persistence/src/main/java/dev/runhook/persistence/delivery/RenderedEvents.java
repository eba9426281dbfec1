package dev.runhook.persistence.delivery;

import static java.util.stream.Collectors.groupingBy;

import dev.runhook.application.spi.delivery.DeliveryContent;
import dev.runhook.application.spi.delivery.LeasedDelivery;
import dev.runhook.application.spi.delivery.NewDelivery;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.event.Format;
import dev.runhook.domain.event.Payload;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.persistence.jdbi.TransactionScope;
import dev.runhook.persistence.jdbi.UnnestParameters;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/// The table `event_rendering`: events in other formats than Runhook's own. The deliveries of an
/// event to several webhooks share a rendering. A delivery that is sent in another format later has
/// one of its own, which can also be Runhook's payload.
final class RenderedEvents {
  private static final String INSERT =
      """
      insert into runhook.event_rendering (event_id, webhook_ids, format, template_sha256, payload)
      select n.event_id, n.webhook_ids::uuid[], n.format, n.template_sha256, n.payload
      from unnest(:events, :webhooks, :formats, :templates, :payloads)
        as n (event_id, webhook_ids, format, template_sha256, payload)
      """;

  private static final String DELETE_OF_DELIVERIES =
      "delete from runhook.event_rendering where event_id = any (:events) and delivery_id = any"
          + " (:deliveries)";

  private static final String INSERT_OF_DELIVERIES =
      """
      insert into runhook.event_rendering (event_id, webhook_ids, delivery_id, format, template_sha256, payload)
      select n.event_id, '{}', n.delivery_id, n.format, n.template_sha256, n.payload
      from unnest(:events, :deliveries, :formats, :templates, :payloads)
        as n (event_id, delivery_id, format, template_sha256, payload)
      """;

  private static final String FIND =
      """
      select event_id, webhook_ids, delivery_id, format, template_sha256,
        case when octet_length(payload) <= :maxBytes and format = any (:formats) then payload else '' end as sent,
        octet_length(payload) as sent_bytes
      from runhook.event_rendering
      where event_id = any (:ids) and (webhook_ids && :webhooks or delivery_id = any (:deliveries))
        and payload is not null
      """;

  private final TransactionScope transaction;

  RenderedEvents(TransactionScope transaction) {
    this.transaction = transaction;
  }

  /// @param delivery the only delivery that sends it, if any
  /// @param payload is empty if it was not loaded
  record Rendering(
      EventId event,
      Collection<WebhookId> webhooks,
      Optional<DeliveryId> delivery,
      RenderingKey key,
      Payload payload,
      int payloadBytes) {
    boolean isSentBy(DeliveryTarget target) {
      return delivery.isPresent()
          ? delivery.get().equals(target.delivery())
          : webhooks.contains(target.webhook());
    }

    private static Rendering read(ResultSet row) throws SQLException {
      return new Rendering(
          new EventId(row.getObject("event_id", UUID.class)),
          Stream.of((UUID[]) row.getArray("webhook_ids").getArray()).map(WebhookId::new).toList(),
          Optional.ofNullable(row.getObject("delivery_id", UUID.class)).map(DeliveryId::new),
          new RenderingKey(
              Format.valueOf(row.getString("format")),
              Optional.ofNullable(row.getBytes("template_sha256")).map(HexFormat.of()::formatHex)),
          DeliveryMapper.readSent(row),
          row.getInt("sent_bytes"));
    }
  }

  private record Shared(EventId event, RenderingKey key, Payload payload) {}

  /// Adds the renderings of first deliveries, one for each event and format.
  void add(Collection<NewDelivery> deliveries) {
    Map<Shared, List<String>> webhooks = new LinkedHashMap<>();
    for (NewDelivery delivery : deliveries) {
      DeliveryContent content = delivery.content();
      if (content.payload().format() != Format.RUNHOOK && content.redeliveryOf().isEmpty()) {
        webhooks
            .computeIfAbsent(
                new Shared(content.event(), RenderingKey.of(delivery.webhook()), content.payload()),
                ignored -> new ArrayList<>())
            .add(delivery.webhook().id().toString());
      }
    }
    if (!webhooks.isEmpty()) {
      UnnestParameters.of(webhooks.entrySet())
          .uuids("events", entry -> entry.getKey().event().value())
          .textArrays("webhooks", Map.Entry::getValue)
          .texts("formats", entry -> entry.getKey().key().format().name())
          .bytes("templates", entry -> entry.getKey().key().templateHash())
          .bytes("payloads", entry -> entry.getKey().payload().bytes())
          .bindTo(transaction.update(INSERT))
          .execute();
    }
  }

  /// Replaces what these deliveries send.
  void replace(Collection<LeasedDelivery> deliveries) {
    UnnestParameters<LeasedDelivery> keys =
        UnnestParameters.of(deliveries)
            .uuids("events", leased -> leased.content().event().value())
            .uuids("deliveries", leased -> leased.lease().delivery().value());
    keys.bindTo(transaction.unpreparedUpdate(DELETE_OF_DELIVERIES)).execute();
    keys.texts("formats", leased -> leased.content().payload().format().name())
        .bytes("templates", leased -> RenderingKey.of(leased.webhook()).templateHash())
        .bytes("payloads", leased -> leased.content().payload().bytes())
        .bindTo(transaction.unpreparedUpdate(INSERT_OF_DELIVERIES))
        .execute();
  }

  /// Finds all renderings for the webhooks and deliveries of the targets, including those in
  /// formats that the webhooks had before.
  ///
  /// @param maxBytes larger payloads are not loaded
  Map<EventId, List<Rendering>> find(Collection<DeliveryTarget> targets, long maxBytes) {
    List<DeliveryTarget> formatted = targets.stream().filter(DeliveryTarget::formatted).toList();
    if (formatted.isEmpty()) {
      return Map.of();
    }
    return UnnestParameters.of(formatted)
        .uuids("ids", target -> target.event().value())
        .uuids("webhooks", target -> target.webhook().value())
        .uuids("deliveries", target -> target.delivery().value())
        .texts("formats", target -> target.wanted().format().name())
        .bindTo(transaction.query(FIND))
        .bind("maxBytes", maxBytes)
        .map((row, ignored) -> Rendering.read(row))
        .stream()
        .collect(groupingBy(Rendering::event));
  }
}
