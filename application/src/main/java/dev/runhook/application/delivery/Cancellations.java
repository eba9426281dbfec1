package dev.runhook.application.delivery;

import dev.runhook.application.audit.Actor;
import dev.runhook.application.audit.AuditWriter;
import dev.runhook.application.outbox.DispatchHandoff;
import dev.runhook.application.query.DeliveryFilter;
import dev.runhook.application.query.DeliveryScope;
import dev.runhook.application.query.Page;
import dev.runhook.application.refusal.Refusal;
import dev.runhook.application.refusal.RefusedException;
import dev.runhook.application.refusal.Require;
import dev.runhook.application.spi.Bucket;
import dev.runhook.application.spi.BucketRouter;
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
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/// Cancels open deliveries: no further attempt is made, and the next delivery of each lane is sent
/// at once. What has an attempt in flight is not canceled. Canceling many uses several
/// transactions: after a failure, the deliveries that were already canceled stay so, and the call
/// can be repeated. Thread-safe.
public final class Cancellations {
  /// Limits how many runs and rows one transaction locks.
  private static final int BATCH_SIZE = 500;

  private final BucketRouter buckets;
  private final AuditWriter auditWriter;
  private final DispatchHandoff handoff;

  Cancellations(BucketRouter buckets, AuditWriter auditWriter, DispatchHandoff handoff) {
    this.buckets = buckets;
    this.auditWriter = auditWriter;
    this.handoff = handoff;
  }

  /// Cancels a delivery. Refuses the call if the delivery does not exist, is out of scope or has
  /// ended, if an attempt is in flight, or if the webhook is deleted.
  ///
  /// @param reason a text for users, or empty
  public Delivery cancel(
      AccountId account, StackScope scope, DeliveryId id, String reason, Actor actor) {
    Delivery canceled =
        buckets
            .of(id)
            .inTransaction(unit -> {
              StoredDelivery stored = Require.deliveryWithWebhook(unit, account, scope, id);
              if (stored.delivery().status() != Delivery.Status.PENDING) {
                throw new RefusedException(new Refusal.DeliveryFinished(id.toString()));
              }
              if (unit.deliveries().cancel(Set.of(id), actor.name(), reason).isEmpty()) {
                throw new RefusedException(new Refusal.DeliveryInFlight(id.toString()));
              }
              auditWriter.write(
                  unit, actor, AuditAction.DELIVERY_CANCELED, stored.delivery(), describe(reason));
              return Require.delivery(unit, account, id);
            });
    handoff.wake();
    return canceled;
  }

  /// Cancels the deliveries of the webhook that match the request, or refuses the call if the
  /// webhook does not exist.
  ///
  /// @return how many were canceled, at most [CancelRequest#MAX_DELIVERIES]
  public int cancelAll(StackId stack, WebhookId webhook, CancelRequest request, Actor actor) {
    int canceled = cancelAll(buckets.of(stack), stack, webhook, request, actor);
    handoff.wake();
    return canceled;
  }

  /// Counts what [#cancelAll] would cancel, and refuses what it refuses.
  public int preview(StackId stack, WebhookId webhook, CancelRequest request) {
    return count(buckets.of(stack), stack, webhook, request);
  }

  /// Cancels the deliveries that match the request, of all webhooks of the account's stacks in the
  /// scope. If a bucket fails, those of the others are canceled, and the failure is thrown.
  ///
  /// @param dryRun only counts what would be canceled
  /// @return how many deliveries were canceled, at most [CancelRequest#MAX_DELIVERIES] for each
  ///   webhook
  public int cancelAll(
      AccountId account, StackScope scope, CancelRequest request, boolean dryRun, Actor actor) {
    AtomicInteger total = new AtomicInteger();
    BucketRouter.forEach(
        buckets.of(account, scope),
        bucket -> total.addAndGet(cancelAll(bucket, account, scope, request, dryRun, actor)));
    handoff.wake();
    return total.get();
  }

  private int cancelAll(
      Bucket bucket,
      AccountId account,
      StackScope scope,
      CancelRequest request,
      boolean dryRun,
      Actor actor) {
    List<Webhook> webhooks =
        Page.<Webhook>all(
            page -> bucket.inSnapshot(unit -> unit.webhooks().list(account, scope, page)));
    int total = 0;
    for (Webhook webhook : webhooks) {
      int waiting = count(bucket, webhook.stack(), webhook.id(), request);
      total +=
          dryRun || waiting == 0
              ? waiting
              : cancelAll(bucket, webhook.stack(), webhook.id(), request, actor);
    }
    return total;
  }

  private static int count(Bucket bucket, StackId stack, WebhookId webhook, CancelRequest request) {
    return bucket.inSnapshot(unit -> {
      Require.webhook(unit, stack, webhook);
      return find(unit, stack, webhook, request).size();
    });
  }

  private int cancelAll(
      Bucket bucket, StackId stack, WebhookId webhook, CancelRequest request, Actor actor) {
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
    return cancel(bucket, matched, actor, request.reason());
  }

  /// Cancels deliveries that the caller has found, heads of lanes last, so that no delivery is sent
  /// because the one before it was canceled.
  ///
  /// @return how many were canceled
  static int cancel(Bucket bucket, List<DeliveryId> found, Actor actor, String reason) {
    int canceled = 0;
    for (int from = 0; from < found.size(); from += BATCH_SIZE) {
      List<DeliveryId> batch = found.subList(from, Math.min(found.size(), from + BATCH_SIZE));
      canceled +=
          bucket.<Integer>inTransaction(
              unit -> unit.deliveries().cancel(batch, actor.name(), reason).size());
    }
    return canceled;
  }

  private static List<DeliveryId> find(
      UnitOfWork unit, StackId stack, WebhookId webhook, CancelRequest request) {
    DeliveryFilter filter =
        DeliveryFilter.of(new DeliveryScope.OfWebhook(stack, webhook, request.run()));
    filter = request.from().map(filter::withFrom).orElse(filter);
    filter = request.to().map(filter::withTo).orElse(filter);
    filter = request.state().map(filter::withState).orElse(filter);
    return unit.deliveries().findWaiting(filter, CancelRequest.MAX_DELIVERIES);
  }

  private static Map<AuditDetail, String> describe(CancelRequest request, int matched) {
    Map<AuditDetail, String> details = new EnumMap<>(AuditDetail.class);
    details.putAll(describe(request.reason()));
    request.from().ifPresent(from -> details.put(AuditDetail.FROM, from.toString()));
    request.to().ifPresent(to -> details.put(AuditDetail.TO, to.toString()));
    request.run().ifPresent(run -> details.put(AuditDetail.RUN, run));
    request.state().ifPresent(state -> details.put(AuditDetail.STATE, state.name()));
    details.put(AuditDetail.MATCHED, Integer.toString(matched));
    return details;
  }

  private static Map<AuditDetail, String> describe(String reason) {
    return reason.isBlank() ? Map.of() : Map.of(AuditDetail.REASON, reason);
  }
}
