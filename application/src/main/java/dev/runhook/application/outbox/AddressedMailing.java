package dev.runhook.application.outbox;

import dev.runhook.application.spi.IdSource;
import dev.runhook.application.spi.Letter;
import dev.runhook.application.spi.NewDelivery;
import dev.runhook.application.spi.PayloadRenderer;
import dev.runhook.application.spi.RenderedEvent;
import dev.runhook.application.spi.SkippedDelivery;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.event.Event;
import dev.runhook.domain.event.Event.Ping;
import dev.runhook.domain.event.Event.RunMoved;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.trace.TraceContext;
import dev.runhook.domain.webhook.Decision;
import dev.runhook.domain.webhook.Routing;
import dev.runhook.domain.webhook.Webhook;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

final class AddressedMailing implements Outbox.Mailing {
  private final UnitOfWork unit;
  private final HandOver handOver;
  private final PayloadRenderer renderer;
  private final IdSource ids;

  AddressedMailing(UnitOfWork unit, HandOver handOver, PayloadRenderer renderer, IdSource ids) {
    this.unit = unit;
    this.handOver = handOver;
    this.renderer = renderer;
    this.ids = ids;
  }

  @Override
  public Map<EventId, List<NewDelivery>> put(
      Collection<? extends Event> events, Function<Event, List<Webhook>> webhooks) {
    List<RenderedEvent> rendered = new ArrayList<>();
    List<NewDelivery> deliveries = new ArrayList<>();
    List<SkippedDelivery> skips = new ArrayList<>();
    Map<EventId, List<NewDelivery>> added = new HashMap<>();
    for (Event event : events) {
      RenderedEvent told = new RenderedEvent(event, renderer.render(event));
      rendered.add(told);
      int before = deliveries.size();
      for (Webhook webhook : webhooks.apply(event)) {
        switch (Routing.of(event, webhook)) {
          case Decision.Deliver() -> deliveries.add(addressed(told, webhook));
          case Decision.Skip(Decision.Reason reason, String why) ->
              skips.add(new SkippedDelivery(event.id(), webhook.id(), reason, why));
        }
      }
      added.put(event.id(), List.copyOf(deliveries.subList(before, deliveries.size())));
    }
    keep(rendered, deliveries, skips);
    return added;
  }

  @Override
  public List<DeliveryId> redeliver(Webhook webhook, List<Letter> letters) {
    List<NewDelivery> deliveries =
        letters.stream().map(letter -> addressed(letter, webhook)).toList();
    keep(List.of(), deliveries, List.of());
    return deliveries.stream().map(NewDelivery::id).toList();
  }

  private NewDelivery addressed(RenderedEvent told, Webhook webhook) {
    Letter letter =
        new Letter(
            told.event().id(),
            told.event().kind(),
            moveOf(told.event()),
            told.payload(),
            Optional.empty(),
            traceOf(told.event()));
    return addressed(letter, webhook);
  }

  private NewDelivery addressed(Letter letter, Webhook webhook) {
    return new NewDelivery(new DeliveryId(ids.next()), webhook, letter, handOver.reserve(webhook));
  }

  private static Optional<TraceContext> traceOf(Event event) {
    return switch (event) {
      case RunMoved moved -> moved.trace();
      case Ping _ -> Optional.empty();
    };
  }

  private static Optional<Delivery.Move> moveOf(Event event) {
    return switch (event) {
      case RunMoved(_, _, _, var moved, _) ->
          Optional.of(new Delivery.Move(moved.run().name(), moved.state(), moved.version()));
      case Ping _ -> Optional.empty();
    };
  }

  private void keep(
      List<RenderedEvent> rendered, List<NewDelivery> deliveries, List<SkippedDelivery> skips) {
    if (!rendered.isEmpty()) {
      unit.events().add(rendered);
    }
    if (!skips.isEmpty()) {
      unit.events().addSkips(skips);
    }
    if (!deliveries.isEmpty()) {
      handOver.added(deliveries, unit.deliveries().add(deliveries, handOver.lease()));
    }
  }
}
