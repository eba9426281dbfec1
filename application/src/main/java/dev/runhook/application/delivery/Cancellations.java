package dev.runhook.application.delivery;

import dev.runhook.application.audit.Actor;
import dev.runhook.application.audit.AuditWriter;
import dev.runhook.application.outbox.DispatchHandoff;
import dev.runhook.application.query.DeliveryFilter;
import dev.runhook.application.query.DeliveryScope;
import dev.runhook.application.refusal.Refusal;
import dev.runhook.application.refusal.RefusedException;
import dev.runhook.application.refusal.Require;
import dev.runhook.application.spi.Bucket;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.application.spi.delivery.Deliveries.StoredDelivery;
import dev.runhook.domain.audit.AuditAction;
import dev.runhook.domain.audit.AuditDetail;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.run.StackId;
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

  /// Returns how many deliveries match, at most one more than [CancelRequest#MAX_DELIVERIES].
  int count(StackId stack, WebhookId webhook, CancelRequest request) {
    return bucket.inSnapshot(unit -> {
      Require.webhook(unit, stack, webhook);
      return unit.deliveries()
          .findWaiting(
              filter(stack, webhook, request), Optional.empty(), CancelRequest.MAX_DELIVERIES + 1)
          .size();
    });
  }

  /// Cancels deliveries in several transactions, the newest first, so that none is sent because an
  /// earlier one of its lane was canceled.
  ///
  /// @return how many were canceled, at most [CancelRequest#MAX_DELIVERIES]
  int cancelAll(StackId stack, WebhookId webhook, CancelRequest request, Actor actor) {
    int matched = count(stack, webhook, request);
    bucket.<Boolean>inTransaction(unit -> {
      auditWriter.write(
          unit,
          actor,
          AuditAction.DELIVERIES_CANCELED,
          Require.webhook(unit, stack, webhook),
          describe(request, Math.min(matched, CancelRequest.MAX_DELIVERIES)));
      return true;
    });
    DeliveryFilter filter = filter(stack, webhook, request);
    Optional<DeliveryId> before = Optional.empty();
    int canceled = 0;
    while (canceled < CancelRequest.MAX_DELIVERIES) {
      Batch batch = cancelNext(filter, before, actor, request.reason());
      if (batch.matched().isEmpty()) {
        break;
      }
      canceled += batch.canceled();
      before = Optional.of(batch.matched().getLast());
    }
    handoff.wake();
    return canceled;
  }

  private record Batch(List<DeliveryId> matched, int canceled) {}

  private Batch cancelNext(
      DeliveryFilter filter, Optional<DeliveryId> before, Actor actor, String reason) {
    return bucket.inTransaction(unit -> {
      List<DeliveryId> matched = unit.deliveries().findWaiting(filter, before, BATCH_SIZE);
      return new Batch(matched, unit.deliveries().cancel(matched, actor.name(), reason).size());
    });
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
