package dev.runhook.application.delivery;

import dev.runhook.application.audit.Actor;
import dev.runhook.application.audit.AuditWriter;
import dev.runhook.application.outbox.DispatchHandoff;
import dev.runhook.application.query.DeliveryFilter;
import dev.runhook.application.query.DeliveryScope;
import dev.runhook.application.query.Page;
import dev.runhook.application.query.PageRequest;
import dev.runhook.application.refusal.Refusal;
import dev.runhook.application.refusal.RefusedException;
import dev.runhook.application.refusal.Require;
import dev.runhook.application.spi.Bucket;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.application.spi.delivery.Deliveries.StoredDelivery;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.audit.AuditAction;
import dev.runhook.domain.audit.AuditDetail;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Ends open deliveries on request. The next delivery of a lane is sent at once.
///
/// @param bucket the bucket of the deliveries
record Cancellations(Bucket bucket, AuditWriter auditWriter, DispatchHandoff handoff) {
  /// Limits how many runs and rows one transaction locks.
  private static final int BATCH_SIZE = 500;

  /// Cancels a delivery in the caller's transaction. Refuses the call if the delivery has ended, or
  /// an attempt is in flight.
  static void cancel(UnitOfWork unit, StoredDelivery stored, Actor actor, String reason) {
    DeliveryId id = stored.delivery().id();
    if (stored.delivery().status() != Delivery.Status.PENDING) {
      throw new RefusedException(new Refusal.DeliveryFinished(id.toString()));
    }
    if (unit.deliveries().cancel(Set.of(id), actor.name(), reason).isEmpty()) {
      throw new RefusedException(new Refusal.DeliveryInFlight(id.toString()));
    }
  }

  /// Returns how many deliveries [#cancelAll] would cancel.
  int count(StackId stack, WebhookId webhook, CancelRequest request) {
    return bucket.inSnapshot(unit -> {
      Require.webhook(unit, stack, webhook);
      return find(unit, stack, webhook, request).size();
    });
  }

  private static List<DeliveryId> find(
      UnitOfWork unit, StackId stack, WebhookId webhook, CancelRequest request) {
    return unit.deliveries()
        .findWaiting(filter(stack, webhook, request), CancelRequest.MAX_DELIVERIES);
  }

  /// Cancels deliveries in several transactions. Heads of lanes are the last, so that no delivery
  /// is sent because the one before it was canceled.
  ///
  /// @return how many were canceled, at most [CancelRequest#MAX_DELIVERIES]
  int cancelAll(StackId stack, WebhookId webhook, CancelRequest request, Actor actor) {
    List<DeliveryId> matched =
        bucket.inTransaction(unit -> {
          Webhook target = Require.webhook(unit, stack, webhook);
          List<DeliveryId> found = find(unit, stack, webhook, request);
          auditWriter.write(
              unit,
              actor,
              AuditAction.DELIVERIES_CANCELED,
              target,
              describe(request, found.size()));
          return found;
        });
    int canceled = 0;
    for (int from = 0; from < matched.size(); from += BATCH_SIZE) {
      List<DeliveryId> batch = matched.subList(from, Math.min(matched.size(), from + BATCH_SIZE));
      canceled +=
          bucket.<Integer>inTransaction(
              unit -> unit.deliveries().cancel(batch, actor.name(), request.reason()).size());
    }
    handoff.wake();
    return canceled;
  }

  /// Does the same for each webhook of the account for which something waits.
  int cancelAll(
      AccountId account,
      StackScope stackScope,
      CancelRequest request,
      boolean dryRun,
      Actor actor) {
    int total = 0;
    Optional<PageRequest> next = Optional.of(PageRequest.first());
    while (next.isPresent()) {
      PageRequest page = next.get();
      Page<Webhook> webhooks =
          bucket.inSnapshot(unit -> unit.webhooks().list(account, stackScope, page));
      for (Webhook webhook : webhooks.items()) {
        int waiting = count(webhook.stack(), webhook.id(), request);
        total +=
            dryRun || waiting == 0
                ? waiting
                : cancelAll(webhook.stack(), webhook.id(), request, actor);
      }
      next = webhooks.next().map(page::withAfter);
    }
    return total;
  }

  private static DeliveryFilter filter(StackId stack, WebhookId webhook, CancelRequest request) {
    DeliveryFilter filter =
        DeliveryFilter.of(new DeliveryScope.OfWebhook(stack, webhook, request.run()));
    filter = request.from().map(filter::withFrom).orElse(filter);
    filter = request.to().map(filter::withTo).orElse(filter);
    return request.state().map(filter::withState).orElse(filter);
  }

  private static Map<AuditDetail, String> describe(CancelRequest request, int matched) {
    Map<AuditDetail, String> details = new EnumMap<>(AuditDetail.class);
    request.from().ifPresent(from -> details.put(AuditDetail.FROM, from.toString()));
    request.to().ifPresent(to -> details.put(AuditDetail.TO, to.toString()));
    request.run().ifPresent(run -> details.put(AuditDetail.RUN, run));
    request.state().ifPresent(state -> details.put(AuditDetail.STATE, state.name()));
    details.put(AuditDetail.MATCHED, Integer.toString(matched));
    putReason(details, request.reason());
    return details;
  }

  static void putReason(Map<AuditDetail, String> details, String reason) {
    if (!reason.isBlank()) {
      details.put(AuditDetail.REASON, reason);
    }
  }
}
