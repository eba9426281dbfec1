package dev.runhook.application.delivery;

import dev.runhook.application.Actor;
import dev.runhook.application.DeliveryFilter;
import dev.runhook.application.DeliveryScope;
import dev.runhook.application.Refusal.NoSuchDelivery;
import dev.runhook.application.Refusal.PayloadErased;
import dev.runhook.application.Refusal.ReplayTooLarge;
import dev.runhook.application.RefusedException;
import dev.runhook.application.audit.AuditWriter;
import dev.runhook.application.outbox.DeliveryWriter;
import dev.runhook.application.outbox.Outbox;
import dev.runhook.application.spi.DeliveryContent;
import dev.runhook.application.spi.RedeliveryCandidate;
import dev.runhook.application.spi.StoredDelivery;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.audit.AuditAction;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.event.Payload;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Creates deliveries that repeat finished ones. They are signed, sent and retried like new
/// deliveries, in their lanes.
final class Redeliverer {
  /// Limits how many runs one transaction of a replay locks, and for how long.
  private static final int DELIVERIES_PER_TRANSACTION = 500;

  private final Outbox outbox;
  private final AuditWriter auditWriter;

  Redeliverer(Outbox outbox, AuditWriter auditWriter) {
    this.outbox = outbox;
    this.auditWriter = auditWriter;
  }

  Delivery redeliver(AccountId account, StackScope stackScope, DeliveryId id, Actor actor) {
    return outbox.inTransaction((unit, writer) -> {
      StoredDelivery original =
          unit.deliveries()
              .find(account, id)
              .filter(found -> stackScope.includes(found.webhook().stack().slug()))
              .orElseThrow(() -> new RefusedException(new NoSuchDelivery(id.toString())));
      Webhook webhook = original.webhook();
      Require.enabled(webhook);
      DeliveryContent content = contentOf(original);
      lockRuns(unit, webhook.stack(), List.of(content));
      auditWriter.write(
          unit,
          actor,
          AuditAction.DELIVERY_REDELIVERED,
          webhook.stack(),
          Optional.of(id.value()),
          "");
      DeliveryId added = writer.addRedeliveries(webhook, List.of(content)).getFirst();
      return Require.delivery(unit, account, added);
    });
  }

  private static DeliveryContent contentOf(StoredDelivery original) {
    Delivery delivery = original.delivery();
    Payload payload =
        original
            .payload()
            .findPayload()
            .orElseThrow(() -> new RefusedException(new PayloadErased()));
    return new DeliveryContent(
        delivery.event(),
        delivery.kind(),
        delivery.transition(),
        payload,
        Optional.of(delivery.id()),
        original.trace());
  }

  /// Uses several transactions. If the call is repeated after a failure, it creates the remaining
  /// deliveries, because open ones are omitted.
  ReplayResult replay(StackId stack, WebhookId id, ReplayRequest request, Actor actor) {
    List<RedeliveryCandidate> matched =
        outbox.inTransaction((unit, _) -> {
          Require.enabled(Require.webhook(unit, stack, id));
          if (!request.dryRun()) {
            auditWriter.write(
                unit, actor, AuditAction.DELIVERIES_REPLAYED, stack, Optional.of(id.value()), "");
          }
          return unit.deliveries()
              .findLatestFinished(filter(stack, id, request), ReplayRequest.MAX_DELIVERIES + 1);
        });
    if (matched.size() > ReplayRequest.MAX_DELIVERIES) {
      throw new RefusedException(new ReplayTooLarge(ReplayRequest.MAX_DELIVERIES));
    }
    int created = 0;
    for (int from = 0;
        from < matched.size() && !request.dryRun();
        from += DELIVERIES_PER_TRANSACTION) {
      List<RedeliveryCandidate> part =
          matched.subList(from, Math.min(matched.size(), from + DELIVERIES_PER_TRANSACTION));
      created += outbox.inTransaction((unit, writer) -> add(unit, writer, stack, id, part));
    }
    return new ReplayResult(matched.size(), created);
  }

  private static DeliveryFilter filter(StackId stack, WebhookId id, ReplayRequest request) {
    return new DeliveryFilter(
        DeliveryScope.of(stack, id),
        Optional.of(request.status()),
        Optional.empty(),
        Optional.of(request.from()),
        request.to());
  }

  /// The open events are queried while the runs are locked, so that concurrent replays do not
  /// repeat the same delivery twice.
  private static int add(
      UnitOfWork unit,
      DeliveryWriter writer,
      StackId stack,
      WebhookId id,
      List<RedeliveryCandidate> part) {
    Webhook webhook = Require.webhook(unit, stack, id);
    Require.enabled(webhook);
    List<DeliveryContent> contents = unit.deliveries().findContents(part);
    lockRuns(unit, stack, contents);
    Set<EventId> open =
        unit.deliveries()
            .findOpenEvents(id, contents.stream().map(DeliveryContent::event).toList());
    List<DeliveryContent> missing =
        contents.stream().filter(content -> !open.contains(content.event())).toList();
    return writer.addRedeliveries(webhook, missing).size();
  }

  private static void lockRuns(UnitOfWork unit, StackId stack, List<DeliveryContent> contents) {
    Set<RunId> runs =
        contents.stream()
            .flatMap(content -> content.transition().stream())
            .map(transition -> new RunId(stack, transition.run()))
            .collect(Collectors.toSet());
    if (!runs.isEmpty()) {
      unit.runs().findForUpdate(runs);
    }
  }
}
