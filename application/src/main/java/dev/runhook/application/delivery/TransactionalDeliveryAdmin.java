package dev.runhook.application.delivery;

import static java.time.temporal.ChronoUnit.MILLIS;

import dev.runhook.application.Actor;
import dev.runhook.application.DeliveryFilter;
import dev.runhook.application.DeliveryScope;
import dev.runhook.application.Page;
import dev.runhook.application.PageRequest;
import dev.runhook.application.Refusal.NoSuchDelivery;
import dev.runhook.application.Refusal.WebhookIsDisabled;
import dev.runhook.application.RefusedException;
import dev.runhook.application.audit.Scribe;
import dev.runhook.application.delivery.ShownRequest.Basis;
import dev.runhook.application.outbox.Intake;
import dev.runhook.application.outbox.Outbox;
import dev.runhook.application.spi.DeliveryDetail;
import dev.runhook.application.spi.NewDelivery;
import dev.runhook.application.spi.Transactor;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.Reach;
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
  private final Needs needs;
  private final Outbox outbox;
  private final Redelivering redelivering;

  TransactionalDeliveryAdmin(Transactor transactor, Needs needs, Intake intake) {
    this.transactor = transactor;
    this.needs = needs;
    this.outbox = Outbox.using(transactor, needs.renderer(), needs.ids(), intake);
    this.redelivering = new Redelivering(outbox, new Scribe(needs.ids()));
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
          Known.webhook(unit, stack, webhook);
      case DeliveryScope.OfRun(var run) -> Known.run(unit, run);
      case DeliveryScope.OfAccount _ -> {}
    }
  }

  @Override
  public DeliveryStory find(AccountId account, DeliveryId id) {
    return transactor.inTransaction(unit ->
        unit.deliveries()
            .find(account, id)
            .map(this::told)
            .orElseThrow(() -> new RefusedException(new NoSuchDelivery(id.toString()))));
  }

  @Override
  public RunExplanation explain(RunId run) {
    return transactor.inTransaction(unit -> RunExplaining.explain(unit, run));
  }

  @Override
  public Delivery ping(StackId stack, WebhookId id, Actor actor) {
    EventId event = new EventId(needs.ids().next());
    return outbox.inTransaction((unit, mailing) -> {
      Stack known = Known.stack(unit, stack);
      Webhook webhook = Known.webhook(unit, stack, id);
      if (webhook.health() instanceof Health.Disabled(_, String reason)) {
        throw new RefusedException(new WebhookIsDisabled(reason));
      }
      PingTarget target = new PingTarget(id.toString(), webhook.settings().endpoint().text());
      Ping ping = new Ping(event, known, needs.clock().instant().truncatedTo(MILLIS), target);
      new Scribe(needs.ids()).write(unit, actor, AuditAction.WEBHOOK_PINGED, stack, id.value());
      Map<EventId, List<NewDelivery>> added = mailing.put(List.of(ping), _ -> List.of(webhook));
      DeliveryId delivery = added.getOrDefault(event, List.of()).getFirst().id();
      return Known.delivery(unit, stack.account(), delivery);
    });
  }

  @Override
  public Delivery redeliver(AccountId account, Reach reach, DeliveryId id, Actor actor) {
    return redelivering.redeliver(account, reach, id, actor);
  }

  @Override
  public Replayed replay(StackId stack, WebhookId id, Replay wanted, Actor actor) {
    return redelivering.replay(stack, id, wanted, actor);
  }

  private DeliveryStory told(DeliveryDetail detail) {
    Map<Integer, ShownRequest> sent = new HashMap<>();
    for (Attempt attempt : detail.attempts()) {
      needs
          .requests()
          .sent(detail, attempt)
          .ifPresent(request -> sent.put(attempt.number(), request));
    }
    return new DeliveryStory(
        detail.webhook().stack(),
        detail.delivery(),
        shown(detail, sent),
        detail.body(),
        detail.attempts(),
        sent,
        Explanation.of(detail));
  }

  private ShownRequest shown(DeliveryDetail detail, Map<Integer, ShownRequest> sent) {
    if (detail.attempts().isEmpty()) {
      int next = Math.max(1, detail.delivery().attempts());
      return needs.requests().workedOut(detail, Basis.NOT_SENT_YET, next, needs.clock().instant());
    }
    Attempt last = detail.attempts().getLast();
    return Optional.ofNullable(sent.get(last.number()))
        .orElseGet(() ->
            needs.requests().workedOut(detail, Basis.RECOMPUTED, last.number(), last.startedAt()));
  }
}
