package dev.runhook.application.delivery;

import static java.time.temporal.ChronoUnit.MILLIS;

import dev.runhook.application.Actor;
import dev.runhook.application.DeliveryFilter;
import dev.runhook.application.DeliveryScope;
import dev.runhook.application.Page;
import dev.runhook.application.PageRequest;
import dev.runhook.application.Refusal.NoSuchDelivery;
import dev.runhook.application.Refusal.WebhookDisabled;
import dev.runhook.application.RefusedException;
import dev.runhook.application.audit.AuditWriter;
import dev.runhook.application.delivery.RequestView.Source;
import dev.runhook.application.idempotency.IdempotencyScope;
import dev.runhook.application.outbox.DispatchHandoff;
import dev.runhook.application.outbox.Outbox;
import dev.runhook.application.spi.NewDelivery;
import dev.runhook.application.spi.StoredDelivery;
import dev.runhook.application.spi.Transactor;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.audit.AuditAction;
import dev.runhook.domain.delivery.Attempt;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.event.Event.Ping;
import dev.runhook.domain.event.Event.PingTarget;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

final class TransactionalDeliveryAdmin implements DeliveryAdmin {
  private final Transactor transactor;
  private final Dependencies dependencies;
  private final DispatchHandoff handoff;
  private final Outbox outbox;
  private final Redeliverer redeliverer;

  TransactionalDeliveryAdmin(
      Transactor transactor, Dependencies needs, DispatchHandoff dispatchHandoff) {
    this.transactor = transactor;
    this.dependencies = needs;
    this.handoff = dispatchHandoff;
    this.outbox = new Outbox(transactor, needs.renderer(), needs.ids(), dispatchHandoff);
    this.redeliverer = new Redeliverer(outbox, new AuditWriter(needs.ids()));
  }

  @Override
  public DeliveryAdmin within(IdempotencyScope scope) {
    return new TransactionalDeliveryAdmin(scope.bind(transactor), dependencies, handoff);
  }

  @Override
  public Page<Delivery> list(DeliveryFilter filter, PageRequest page) {
    return transactor.inTransaction(unit -> {
      requireScope(unit, filter.scope());
      return unit.deliveries().list(filter, page);
    });
  }

  private static void requireScope(UnitOfWork unit, DeliveryScope scope) {
    switch (scope) {
      case DeliveryScope.OfWebhook(var stack, var webhook, _) ->
          Require.webhook(unit, stack, webhook);
      case DeliveryScope.OfRun(var run) -> Require.run(unit, run);
      case DeliveryScope.OfAccount _ -> {}
    }
  }

  @Override
  public DeliveryDetails get(AccountId account, DeliveryId id) {
    return transactor.inTransaction(unit ->
        unit.deliveries()
            .find(account, id)
            .map(this::told)
            .orElseThrow(() -> new RefusedException(new NoSuchDelivery(id.toString()))));
  }

  @Override
  public RunExplanation explain(RunId run) {
    return transactor.inTransaction(unit -> RunExplainer.explain(unit, run));
  }

  @Override
  public Delivery ping(StackId stack, WebhookId id, Actor actor) {
    EventId event = new EventId(dependencies.ids().next());
    return outbox.inTransaction((unit, deliveryWriter) -> {
      Stack known = Require.stack(unit, stack);
      Webhook webhook = Require.webhook(unit, stack, id);
      if (webhook.health() instanceof Health.Disabled(_, String reason)) {
        throw new RefusedException(new WebhookDisabled(reason));
      }
      PingTarget target = new PingTarget(id.toString(), webhook.settings().endpoint().text());
      Ping ping =
          new Ping(event, known, dependencies.clock().instant().truncatedTo(MILLIS), target);
      new AuditWriter(dependencies.ids())
          .write(unit, actor, AuditAction.WEBHOOK_PINGED, stack, Optional.of(id.value()), "");
      Map<EventId, List<NewDelivery>> added =
          deliveryWriter.addEvents(List.of(ping), _ -> List.of(webhook));
      DeliveryId delivery = added.getOrDefault(event, List.of()).getFirst().id();
      return Require.delivery(unit, stack.account(), delivery);
    });
  }

  @Override
  public Delivery redeliver(AccountId account, StackScope stackScope, DeliveryId id, Actor actor) {
    return redeliverer.redeliver(account, stackScope, id, actor);
  }

  @Override
  public ReplayResult replay(StackId stack, WebhookId id, ReplayRequest wanted, Actor actor) {
    return redeliverer.replay(stack, id, wanted, actor);
  }

  private DeliveryDetails told(StoredDelivery detail) {
    Map<Integer, RequestView> sent = new HashMap<>();
    for (Attempt attempt : detail.attempts()) {
      dependencies
          .requestFactory()
          .findSent(detail, attempt)
          .ifPresent(request -> sent.put(attempt.number(), request));
    }
    return new DeliveryDetails(
        detail.webhook().stack(),
        detail.delivery(),
        shown(detail, sent),
        detail.payload(),
        detail.attempts(),
        sent,
        DeliveryExplainer.explain(detail));
  }

  private RequestView shown(StoredDelivery detail, Map<Integer, RequestView> sent) {
    if (detail.attempts().isEmpty()) {
      int next = Math.max(1, detail.delivery().attemptCount());
      return dependencies
          .requestFactory()
          .reconstruct(detail, Source.PREVIEW, next, dependencies.clock().instant());
    }
    Attempt last = detail.attempts().getLast();
    return Optional.ofNullable(sent.get(last.number()))
        .orElseGet(() ->
            dependencies
                .requestFactory()
                .reconstruct(detail, Source.RECONSTRUCTED, last.number(), last.startedAt()));
  }
}
