package dev.runhook.application.delivery;

import dev.runhook.application.audit.Actor;
import dev.runhook.application.audit.AuditWriter;
import dev.runhook.application.delivery.WebhookReplays.Part;
import dev.runhook.application.outbox.DispatchHandoff;
import dev.runhook.application.outbox.Outbox;
import dev.runhook.application.query.AccountReplay;
import dev.runhook.application.query.Page;
import dev.runhook.application.query.ReplayProgress;
import dev.runhook.application.refusal.Refusal;
import dev.runhook.application.refusal.RefusedException;
import dev.runhook.application.spi.Bucket;
import dev.runhook.application.spi.BucketRouter;
import dev.runhook.application.spi.IdGenerator;
import dev.runhook.application.spi.StoreUnavailableException;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.audit.AuditAction;
import dev.runhook.domain.audit.AuditDetail;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.delivery.Replay;
import dev.runhook.domain.delivery.ReplayId;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.webhook.Webhook;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Function;

/// Replays the deliveries of all enabled webhooks of an account. Each webhook with matching events
/// gets a replay of its own. Their deliveries are created in the background, one webhook after the
/// other.
public final class AccountReplays {
  private final BucketRouter buckets;
  private final BucketRouter backgroundBuckets;
  private final Function<Bucket, Outbox> outboxes;
  private final IdGenerator ids;
  private final AuditWriter auditWriter;
  private final DispatchHandoff handoff;
  private final Executor executor;

  /// @param buckets for the transactions of the request
  /// @param backgroundBuckets the same buckets, for those after its response
  AccountReplays(
      BucketRouter buckets,
      BucketRouter backgroundBuckets,
      Function<Bucket, Outbox> outboxes,
      IdGenerator ids,
      AuditWriter auditWriter,
      DispatchHandoff handoff,
      Executor executor) {
    this.buckets = buckets;
    this.backgroundBuckets = backgroundBuckets;
    this.outboxes = outboxes;
    this.ids = ids;
    this.auditWriter = auditWriter;
    this.handoff = handoff;
    this.executor = executor;
  }

  /// Counts what [#create] would redeliver, and refuses what it refuses.
  public ReplayPreview preview(AccountId account, StackScope scope, ReplayRequest request) {
    ReplayPreview sum = new ReplayPreview(0, 0, 0);
    for (Bucket bucket : buckets.of(account, scope)) {
      sum =
          sum.plus(
              bucket.<ReplayPreview>inSnapshot(
                  unit -> count(unit, find(unit, account, scope, request))));
    }
    WebhookReplays.requireLimit(sum.matched());
    return sum;
  }

  private static ReplayPreview count(UnitOfWork unit, List<Part> parts) {
    return parts.stream()
        .map(part -> WebhookReplays.count(unit, part.webhook().id(), part.matched()))
        .reduce(new ReplayPreview(0, 0, 0), ReplayPreview::plus);
  }

  /// Replays the deliveries of all enabled webhooks in the scope, as [WebhookReplays#create] does
  /// for one, unless that would create over 1 % more deliveries than expected. They are created
  /// after this method returns.
  ///
  /// @param expected how many deliveries the caller expects, from [#preview]
  public AccountReplay create(
      AccountId account, StackScope scope, ReplayRequest request, int expected, Actor actor) {
    int toCreate = preview(account, scope, request).toCreate();
    if (toCreate > expected + expected / 100L) {
      throw new RefusedException(new Refusal.ReplayLargerThanExpected(expected, toCreate));
    }
    List<Part> parts = new ArrayList<>();
    ReplayId id = new ReplayId(ids.next());
    for (Bucket bucket : buckets.of(account, scope)) {
      parts.addAll(
          bucket.<List<Part>>inTransaction(unit -> {
            List<Part> found = find(unit, account, scope, request);
            found.forEach(part -> add(unit, part, id, actor));
            return found;
          }));
    }
    if (!parts.isEmpty()) {
      executor.execute(() -> parts.forEach(this::redeliver));
    }
    return new AccountReplay(id, list(account, scope, id));
  }

  private List<Part> find(
      UnitOfWork unit, AccountId account, StackScope scope, ReplayRequest request) {
    List<Part> parts = new ArrayList<>();
    for (Webhook webhook : Page.<Webhook>all(page -> unit.webhooks().list(account, scope, page))) {
      if (webhook.isEnabled() && hasRun(unit, webhook, request)) {
        Part part = Part.find(unit, new ReplayId(ids.next(webhook.stack())), webhook, request);
        if (!part.matched().isEmpty()) {
          parts.add(part);
        }
      }
    }
    WebhookReplays.requireLimit(parts.stream().mapToInt(part -> part.matched().size()).sum());
    return parts;
  }

  private static boolean hasRun(UnitOfWork unit, Webhook webhook, ReplayRequest request) {
    return request
        .run()
        .map(name -> unit.runs().find(new RunId(webhook.stack(), name)).isPresent())
        .orElse(true);
  }

  private void add(UnitOfWork unit, Part part, ReplayId ofAccount, Actor actor) {
    unit.replays().add(part.replay(unit), ofAccount);
    part.audit(unit, auditWriter, actor);
  }

  /// A webhook that was deleted or disabled since, or whose store is unavailable, does not keep the
  /// others from being replayed. Its replay is not completed.
  private void redeliver(Part part) {
    try {
      Bucket bucket = backgroundBuckets.of(part.webhook().stack());
      part.execution(outboxes.apply(bucket)).redeliver(part.matched());
      bucket.run(unit -> unit.replays().complete(part.id()));
    } catch (RefusedException | StoreUnavailableException ignored) {
      // the progress shows it, and the same request creates the others
    }
  }

  /// Returns a replay, as far as it is about stacks in the scope, or refuses the call if there is
  /// none.
  public AccountReplay get(AccountId account, StackScope scope, ReplayId id) {
    List<ReplayProgress> replays = list(account, scope, id);
    if (replays.isEmpty()) {
      throw new RefusedException(new Refusal.NoSuchReplay(id.toString()));
    }
    return new AccountReplay(id, replays);
  }

  private List<ReplayProgress> list(AccountId account, StackScope scope, ReplayId id) {
    return buckets.of(account, scope).stream()
        .flatMap(bucket ->
            bucket
                .<List<ReplayProgress>>inSnapshot(
                    unit -> unit.replays().findOfAccount(account, scope, id))
                .stream())
        .toList();
  }

  /// Ends a replay: it creates no more deliveries, and those that wait are canceled.
  public AccountReplay cancel(AccountId account, StackScope scope, ReplayId id, Actor actor) {
    for (Bucket bucket : buckets.of(account, scope)) {
      List<ReplayProgress> replays =
          bucket.inTransaction(unit -> {
            List<ReplayProgress> found = unit.replays().findOfAccount(account, scope, id);
            found.forEach(each -> unit.replays().cancel(each.replay().id()));
            return found;
          });
      replays.forEach(each -> cancelWaiting(bucket, account, each.replay(), actor));
    }
    handoff.wake();
    return get(account, scope, id);
  }

  private void cancelWaiting(Bucket bucket, AccountId account, Replay replay, Actor actor) {
    List<DeliveryId> waiting =
        bucket.<List<DeliveryId>>inTransaction(unit -> {
          List<DeliveryId> found = unit.replays().findWaiting(replay.id());
          Map<AuditDetail, String> details = new EnumMap<>(AuditDetail.class);
          details.put(AuditDetail.MATCHED, Integer.toString(found.size()));
          unit.webhooks()
              .find(account, replay.webhook())
              .ifPresent(webhook ->
                  auditWriter.write(
                      unit, actor, AuditAction.DELIVERIES_CANCELED, webhook, details));
          return found;
        });
    Cancellations.cancel(bucket, waiting, actor, "");
  }
}
