package dev.runhook.application.outbox;

import dev.runhook.application.spi.DeliveryContent;
import dev.runhook.application.spi.IdGenerator;
import dev.runhook.application.spi.NewDelivery;
import dev.runhook.application.spi.PayloadRenderer;
import dev.runhook.application.spi.RenderedEvent;
import dev.runhook.application.spi.SkippedDelivery;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.event.Event;
import dev.runhook.domain.event.Event.Ping;
import dev.runhook.domain.event.Event.RunStateChanged;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.trace.TraceContext;
import dev.runhook.domain.webhook.Routing;
import dev.runhook.domain.webhook.RoutingDecision;
import dev.runhook.domain.webhook.Webhook;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

final class TransactionalDeliveryWriter implements Outbox.DeliveryWriter {
  private final UnitOfWork unit;
  private final PostCommitHandoff postCommitHandoff;
  private final PayloadRenderer renderer;
  private final IdGenerator ids;

  TransactionalDeliveryWriter(
      UnitOfWork unit, PostCommitHandoff handOver, PayloadRenderer renderer, IdGenerator ids) {
    this.unit = unit;
    this.postCommitHandoff = handOver;
    this.renderer = renderer;
    this.ids = ids;
  }

  @Override
  public Map<EventId, List<NewDelivery>> addEvents(
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
        switch (Routing.decide(event, webhook)) {
          case RoutingDecision.Deliver() -> deliveries.add(addressed(told, webhook));
          case RoutingDecision.Skip(RoutingDecision.Reason reason, String why) ->
              skips.add(new SkippedDelivery(event.id(), webhook.id(), reason, why));
        }
      }
      added.put(event.id(), List.copyOf(deliveries.subList(before, deliveries.size())));
    }
    keep(rendered, deliveries, skips);
    return added;
  }

  @Override
  public List<DeliveryId> addRedeliveries(Webhook webhook, List<DeliveryContent> letters) {
    List<NewDelivery> deliveries =
        letters.stream().map(deliveryContent -> addressed(deliveryContent, webhook)).toList();
    keep(List.of(), deliveries, List.of());
    return deliveries.stream().map(NewDelivery::id).toList();
  }

  private NewDelivery addressed(RenderedEvent told, Webhook webhook) {
    DeliveryContent deliveryContent =
        new DeliveryContent(
            told.event().id(),
            told.event().kind(),
            moveOf(told.event()),
            told.payload(),
            Optional.empty(),
            traceOf(told.event()));
    return addressed(deliveryContent, webhook);
  }

  private NewDelivery addressed(DeliveryContent deliveryContent, Webhook webhook) {
    return new NewDelivery(
        new DeliveryId(ids.next()),
        webhook,
        deliveryContent,
        postCommitHandoff.reserveSlot(webhook));
  }

  private static Optional<TraceContext> traceOf(Event event) {
    return switch (event) {
      case RunStateChanged moved -> moved.trace();
      case Ping _ -> Optional.empty();
    };
  }

  private static Optional<Delivery.TransitionRef> moveOf(Event event) {
    return switch (event) {
      case RunStateChanged(_, _, _, var moved, _) ->
          Optional.of(
              new Delivery.TransitionRef(moved.run().name(), moved.state(), moved.version()));
      case Ping _ -> Optional.empty();
    };
  }

  private void keep(
      List<RenderedEvent> rendered, List<NewDelivery> deliveries, List<SkippedDelivery> skips) {
    if (!rendered.isEmpty()) {
      unit.events().add(rendered);
    }
    if (!skips.isEmpty()) {
      unit.events().addSkipped(skips);
    }
    if (!deliveries.isEmpty()) {
      postCommitHandoff.add(
          deliveries, unit.deliveries().add(deliveries, postCommitHandoff.leaseDuration()));
    }
  }
}
