package dev.runhook.application.delivery;

import static java.time.temporal.ChronoUnit.MILLIS;

import dev.runhook.application.Actor;
import dev.runhook.application.DeliveryFilter;
import dev.runhook.application.DeliveryScope;
import dev.runhook.application.Page;
import dev.runhook.application.PageRequest;
import dev.runhook.application.Refusal.NoSuchDelivery;
import dev.runhook.application.RefusedException;
import dev.runhook.application.audit.AuditWriter;
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
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.event.Event.Ping;
import dev.runhook.domain.event.Event.PingTarget;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import java.util.List;
import java.util.Map;
import java.util.Optional;

final class TransactionalDeliveryAdmin implements DeliveryAdmin {
  private final Transactor transactor;
  private final Dependencies dependencies;
  private final DispatchHandoff handoff;
  private final Outbox outbox;
  private final AuditWriter auditWriter;
  private final Redeliverer redeliverer;
  private final RequestReconstructor requests;

  TransactionalDeliveryAdmin(
      Transactor transactor, Dependencies dependencies, DispatchHandoff handoff) {
    this.transactor = transactor;
    this.dependencies = dependencies;
    this.handoff = handoff;
    this.outbox = new Outbox(transactor, dependencies.renderer(), dependencies.ids(), handoff);
    this.auditWriter = new AuditWriter(dependencies.ids());
    this.redeliverer = new Redeliverer(outbox, auditWriter);
    this.requests = new RequestReconstructor(dependencies.requestFactory());
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
            .map(this::details)
            .orElseThrow(() -> new RefusedException(new NoSuchDelivery(id.toString()))));
  }

  @Override
  public RunExplanation explain(RunId run) {
    return transactor.inTransaction(unit -> RunExplainer.explain(unit, run));
  }

  @Override
  public Delivery ping(StackId stack, WebhookId id, Actor actor) {
    EventId event = new EventId(dependencies.ids().next());
    return outbox.inTransaction((unit, writer) -> {
      Webhook webhook = Require.webhook(unit, stack, id);
      Require.enabled(webhook);
      PingTarget target = new PingTarget(id.toString(), webhook.settings().endpoint().text());
      Ping ping =
          new Ping(
              event,
              Require.stack(unit, stack),
              dependencies.clock().instant().truncatedTo(MILLIS),
              target);
      auditWriter.write(
          unit, actor, AuditAction.WEBHOOK_PINGED, stack, Optional.of(id.value()), "");
      Map<EventId, List<NewDelivery>> added =
          writer.addEvents(List.of(ping), _ -> List.of(webhook));
      DeliveryId delivery = added.getOrDefault(event, List.of()).getFirst().id();
      return Require.delivery(unit, stack.account(), delivery);
    });
  }

  @Override
  public Delivery redeliver(AccountId account, StackScope stackScope, DeliveryId id, Actor actor) {
    return redeliverer.redeliver(account, stackScope, id, actor);
  }

  @Override
  public ReplayResult replay(StackId stack, WebhookId id, ReplayRequest request, Actor actor) {
    return redeliverer.replay(stack, id, request, actor);
  }

  private DeliveryDetails details(StoredDelivery stored) {
    Map<Integer, RequestView> sent = requests.sentRequests(stored);
    return new DeliveryDetails(
        stored.webhook().stack(),
        stored.delivery(),
        requests.latest(stored, sent, dependencies.clock().instant()),
        stored.payload(),
        stored.attempts(),
        sent,
        DeliveryExplainer.explain(stored));
  }
}
