package dev.runhook.application.delivery;

import dev.runhook.application.Actor;
import dev.runhook.application.DeliveryFilter;
import dev.runhook.application.DeliveryScope;
import dev.runhook.application.Refusal.NoSuchDelivery;
import dev.runhook.application.Refusal.PayloadForgotten;
import dev.runhook.application.Refusal.ReplayTooLarge;
import dev.runhook.application.Refusal.WebhookIsDisabled;
import dev.runhook.application.RefusedException;
import dev.runhook.application.audit.Scribe;
import dev.runhook.application.outbox.Outbox;
import dev.runhook.application.outbox.Outbox.Mailing;
import dev.runhook.application.spi.DeliveryDetail;
import dev.runhook.application.spi.Letter;
import dev.runhook.application.spi.Redelivery;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.Reach;
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
final class Redelivering {
  /// How many are put into one transaction: a part holds the locks of so many runs at the most, and
  /// not for long.
  private static final int PART = 500;

  private final Outbox outbox;
  private final Scribe scribe;

  Redelivering(Outbox outbox, Scribe scribe) {
    this.outbox = outbox;
    this.scribe = scribe;
  }

  Delivery redeliver(AccountId account, Reach reach, DeliveryId id, Actor actor) {
    return outbox.inTransaction((unit, mailing) -> {
      DeliveryDetail detail =
          unit.deliveries()
              .find(account, id)
              .filter(found -> reach.includes(found.webhook().stack().slug()))
              .orElseThrow(() -> new RefusedException(new NoSuchDelivery(id.toString())));
      requireEnabled(detail.webhook());
      Letter again = again(detail);
      StackId stack = detail.webhook().stack();
      lockRuns(unit, stack, List.of(again));
      scribe.write(unit, actor, AuditAction.DELIVERY_REDELIVERED, stack, id.value());
      DeliveryId added = mailing.redeliver(detail.webhook(), List.of(again)).getFirst();
      return Known.delivery(unit, account, added);
    });
  }

  private static Letter again(DeliveryDetail detail) {
    Delivery old = detail.delivery();
    Payload payload =
        detail.body().findPayload().orElseThrow(() -> new RefusedException(new PayloadForgotten()));
    return new Letter(
        old.event(), old.kind(), old.move(), payload, Optional.of(old.id()), detail.trace());
  }

  /// Part by part, each in a transaction of its own: whoever asks again after a failure gets the
  /// rest, for what is on its way is left out.
  Replayed replay(StackId stack, WebhookId id, Replay wanted, Actor actor) {
    List<Redelivery> matched =
        outbox.inTransaction((unit, _) -> {
          requireEnabled(Known.webhook(unit, stack, id));
          if (!wanted.dryRun()) {
            scribe.write(unit, actor, AuditAction.DELIVERIES_REPLAYED, stack, id.value());
          }
          return unit.redeliveries().matching(filter(stack, id, wanted), Replay.MOST + 1);
        });
    if (matched.size() > Replay.MOST) {
      throw new RefusedException(new ReplayTooLarge(Replay.MOST));
    }
    int created = 0;
    for (int from = 0; from < matched.size() && !wanted.dryRun(); from += PART) {
      List<Redelivery> part = matched.subList(from, Math.min(matched.size(), from + PART));
      created += outbox.inTransaction((unit, mailing) -> add(unit, mailing, stack, id, part));
    }
    return new Replayed(matched.size(), created);
  }

  private static DeliveryFilter filter(StackId stack, WebhookId id, Replay wanted) {
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
      UnitOfWork unit, Mailing mailing, StackId stack, WebhookId id, List<Redelivery> part) {
    Webhook webhook = Known.webhook(unit, stack, id);
    requireEnabled(webhook);
    List<Letter> letters = unit.redeliveries().letters(part);
    lockRuns(unit, stack, letters);
    Set<EventId> open = unit.redeliveries().open(id, letters.stream().map(Letter::event).toList());
    List<Letter> missing =
        letters.stream().filter(letter -> !open.contains(letter.event())).toList();
    return mailing.redeliver(webhook, missing).size();
  }

  private static void lockRuns(UnitOfWork unit, StackId stack, List<Letter> letters) {
    Set<RunId> runs =
        letters.stream()
            .flatMap(letter -> letter.move().stream())
            .map(move -> new RunId(stack, move.run()))
            .collect(Collectors.toSet());
    if (!runs.isEmpty()) {
      unit.runs().findForUpdate(runs);
    }
  }

  private static void requireEnabled(Webhook webhook) {
    if (webhook.health() instanceof Health.Disabled(_, String reason)) {
      throw new RefusedException(new WebhookIsDisabled(reason));
    }
  }
}
