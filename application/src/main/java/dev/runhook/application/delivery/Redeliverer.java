package dev.runhook.application.delivery;

import dev.runhook.application.Actor;
import dev.runhook.application.DeliveryFilter;
import dev.runhook.application.DeliveryScope;
import dev.runhook.application.Refusal.NoSuchDelivery;
import dev.runhook.application.Refusal.PayloadErased;
import dev.runhook.application.Refusal.ReplayTooLarge;
import dev.runhook.application.Refusal.WebhookDisabled;
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
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Delivers once more what was delivered or given up, by the very way of what is new: through the
/// lanes, signed anew, and judged as any other.
final class Redeliverer {
  /// How many are put into one transaction: a part holds the locks of so many runs at the most, and
  /// not for long.
  private static final int PART = 500;

  private final Outbox outbox;
  private final AuditWriter auditWriter;

  Redeliverer(Outbox outbox, AuditWriter scribe) {
    this.outbox = outbox;
    this.auditWriter = scribe;
  }

  Delivery redeliver(AccountId account, StackScope stackScope, DeliveryId id, Actor actor) {
    return outbox.inTransaction((unit, deliveryWriter) -> {
      StoredDelivery detail =
          unit.deliveries()
              .find(account, id)
              .filter(found -> stackScope.includes(found.webhook().stack().slug()))
              .orElseThrow(() -> new RefusedException(new NoSuchDelivery(id.toString())));
      requireEnabled(detail.webhook());
      DeliveryContent again = again(detail);
      StackId stack = detail.webhook().stack();
      lockRuns(unit, stack, List.of(again));
      auditWriter.write(
          unit, actor, AuditAction.DELIVERY_REDELIVERED, stack, Optional.of(id.value()), "");
      DeliveryId added =
          deliveryWriter.addRedeliveries(detail.webhook(), List.of(again)).getFirst();
      return Require.delivery(unit, account, added);
    });
  }

  private static DeliveryContent again(StoredDelivery detail) {
    Delivery old = detail.delivery();
    Payload payload =
        detail.payload().findPayload().orElseThrow(() -> new RefusedException(new PayloadErased()));
    return new DeliveryContent(
        old.event(), old.kind(), old.transition(), payload, Optional.of(old.id()), detail.trace());
  }

  /// Part by part, each in a transaction of its own: whoever asks again after a failure gets the
  /// rest, for what is on its way is left out.
  ReplayResult replay(StackId stack, WebhookId id, ReplayRequest wanted, Actor actor) {
    List<RedeliveryCandidate> matched =
        outbox.inTransaction((unit, _) -> {
          requireEnabled(Require.webhook(unit, stack, id));
          if (!wanted.dryRun()) {
            auditWriter.write(
                unit, actor, AuditAction.DELIVERIES_REPLAYED, stack, Optional.of(id.value()), "");
          }
          return unit.deliveries()
              .findLatestFinished(filter(stack, id, wanted), ReplayRequest.MAX_DELIVERIES + 1);
        });
    if (matched.size() > ReplayRequest.MAX_DELIVERIES) {
      throw new RefusedException(new ReplayTooLarge(ReplayRequest.MAX_DELIVERIES));
    }
    int created = 0;
    for (int from = 0; from < matched.size() && !wanted.dryRun(); from += PART) {
      List<RedeliveryCandidate> part = matched.subList(from, Math.min(matched.size(), from + PART));
      created +=
          outbox.inTransaction(
              (unit, deliveryWriter) -> add(unit, deliveryWriter, stack, id, part));
    }
    return new ReplayResult(matched.size(), created);
  }

  private static DeliveryFilter filter(StackId stack, WebhookId id, ReplayRequest wanted) {
    return new DeliveryFilter(
        DeliveryScope.of(stack, id),
        Optional.of(wanted.status()),
        Optional.empty(),
        Optional.of(wanted.from()),
        wanted.to());
  }

  /// What is open is asked for under the locks of the runs: two replays at the same time do not
  /// repeat the same twice.
  private static int add(
      UnitOfWork unit,
      DeliveryWriter deliveryWriter,
      StackId stack,
      WebhookId id,
      List<RedeliveryCandidate> part) {
    Webhook webhook = Require.webhook(unit, stack, id);
    requireEnabled(webhook);
    List<DeliveryContent> letters = unit.deliveries().findContents(part);
    lockRuns(unit, stack, letters);
    Set<EventId> open =
        unit.deliveries().findOpenEvents(id, letters.stream().map(DeliveryContent::event).toList());
    List<DeliveryContent> missing =
        letters.stream()
            .filter(deliveryContent -> !open.contains(deliveryContent.event()))
            .toList();
    return deliveryWriter.addRedeliveries(webhook, missing).size();
  }

  private static void lockRuns(UnitOfWork unit, StackId stack, List<DeliveryContent> letters) {
    Set<RunId> runs =
        letters.stream()
            .flatMap(deliveryContent -> deliveryContent.transition().stream())
            .map(transitionRef -> new RunId(stack, transitionRef.run()))
            .collect(Collectors.toSet());
    if (!runs.isEmpty()) {
      unit.runs().findForUpdate(runs);
    }
  }

  private static void requireEnabled(Webhook webhook) {
    if (webhook.health() instanceof Health.Disabled(_, String reason)) {
      throw new RefusedException(new WebhookDisabled(reason));
    }
  }
}
