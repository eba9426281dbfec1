package dev.runhook.application.webhook;

import static java.util.Comparator.naturalOrder;

import dev.runhook.application.audit.Actor;
import dev.runhook.application.idempotency.IdempotencyScope;
import dev.runhook.application.outbox.CatchUp;
import dev.runhook.application.outbox.OperationalEvents;
import dev.runhook.application.outbox.WebhookChange;
import dev.runhook.application.query.Page;
import dev.runhook.application.query.PageRequest;
import dev.runhook.application.refusal.Refusal;
import dev.runhook.application.refusal.RefusedException;
import dev.runhook.application.refusal.Require;
import dev.runhook.application.spi.Bucket;
import dev.runhook.application.spi.BucketRouter;
import dev.runhook.application.spi.IdGenerator;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.application.spi.delivery.DispatchObserver;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.event.Event.OperationalEvent.Cause;
import dev.runhook.domain.filter.StackSelector;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.domain.webhook.WebhookOwner.StackOwner;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/// Manages the webhooks of stacks. Read [OwnedWebhookAdmin] first.
public final class WebhookAdmin extends OwnedWebhookAdmin<StackId> {
  private final BucketRouter buckets;
  private final OperationalEvents operationalEvents;

  /// Reports health changes to no observer.
  ///
  /// @param random a cryptographically strong generator, for secrets
  public WebhookAdmin(
      BucketRouter buckets,
      WebhookConfig config,
      IdGenerator ids,
      InstantSource clock,
      RandomGenerator random) {
    this(buckets, config, ids, clock, random, new DispatchObserver() {});
  }

  /// @param random a cryptographically strong generator, for secrets
  public WebhookAdmin(
      BucketRouter buckets,
      WebhookConfig config,
      IdGenerator ids,
      InstantSource clock,
      RandomGenerator random,
      DispatchObserver observer) {
    this(buckets, new Parts(config, ids, clock, random, observer));
  }

  private WebhookAdmin(BucketRouter buckets, Parts parts) {
    super(parts);
    this.buckets = buckets;
    this.operationalEvents = new OperationalEvents(parts.config().renderer(), parts.ids());
  }

  @Override
  public WebhookAdmin within(IdempotencyScope scope) {
    return new WebhookAdmin(scope.bind(buckets), parts);
  }

  @Override
  Bucket bucketOf(StackId stack) {
    return buckets.of(stack);
  }

  @Override
  StackOwner newOwner(StackId stack, Optional<StackSelector> selector) {
    if (selector.isPresent()) {
      throw new IllegalArgumentException("a webhook of a stack has no selector");
    }
    return new StackOwner(stack, Optional.empty());
  }

  @Override
  void add(StackId stack, Webhook webhook, Consumer<UnitOfWork> alongside) {
    Bucket bucket = buckets.of(stack);
    int rest = buckets.countOutside(bucket, unit -> unit.webhooks().lockAndCount(stack.account()));
    int maxPerStack = parts.config().maxPerStack();
    int maxPerAccount = parts.config().maxPerAccount();
    bucket.run(unit -> {
      Require.stackForUpdate(unit, stack);
      if (unit.webhooks().lockAndCount(stack) >= maxPerStack) {
        throw new RefusedException(new Refusal.TooManyWebhooks(maxPerStack));
      }
      if (unit.webhooks().lockAndCount(stack.account()) + rest >= maxPerAccount) {
        throw new RefusedException(new Refusal.AccountQuotaExceeded("webhooks", maxPerAccount));
      }
      if (!unit.webhooks().add(webhook)) {
        throw new RefusedException(new Refusal.DuplicateEndpoint());
      }
      alongside.accept(unit);
    });
  }

  @Override
  Webhook require(UnitOfWork unit, StackId stack, WebhookId id) {
    return Require.webhook(unit, stack, id);
  }

  @Override
  Webhook requireForUpdate(UnitOfWork unit, StackId stack, WebhookId id) {
    return Require.webhookForUpdate(unit, stack, id);
  }

  @Override
  Webhook save(UnitOfWork unit, WebhookChange change, Actor actor) {
    Webhook after = change.after();
    if (!unit.webhooks().save(after)) {
      throw new RefusedException(new Refusal.DuplicateEndpoint());
    }
    if (change.isRecovery()) {
      CatchUp.start(unit, List.of(after.id()));
    }
    operationalEvents.write(
        unit,
        OperationalEvents.of(
            new WebhookChange(change.before(), after), Cause.USER, Optional.of(actor.name())));
    return after;
  }

  @Override
  Webhook delete(UnitOfWork unit, Webhook webhook) {
    unit.webhooks().delete(webhook.stack(), webhook.id());
    return webhook;
  }

  @Override
  Webhook finish(WebhookChange change) {
    Webhook after = change.after();
    if (change.isRecovery()) {
      CatchUp.finish(bucketOf(after.stack()), after.id());
    }
    parts.config().handoff().wake();
    parts.observer().reportHealthChange(change.before(), after);
    return after;
  }

  @Override
  Page<Webhook> list(UnitOfWork unit, StackId stack, PageRequest page) {
    Require.stack(unit, stack);
    return unit.webhooks().list(stack, page);
  }

  /// Ends a pause, so that everything that waits becomes due. The webhook may be a copy. An active
  /// webhook does not change. The call is refused if the webhook is disabled.
  public Webhook resume(StackId stack, WebhookId id, Actor actor) {
    return change(
        stack,
        id,
        webhook ->
            Require.enabled(webhook).health() instanceof Health.Paused
                ? webhook.enabled(parts.now())
                : webhook,
        actor,
        (unit, change) -> audit.recordUpdate(unit, actor, change.before(), change.after()));
  }

  /// Returns the webhook with its active secrets, if its stack is in the scope.
  public Webhook get(AccountId account, StackScope stackScope, WebhookId id) {
    return BucketRouter.find(
            buckets.of(account, stackScope), unit -> unit.webhooks().find(account, id))
        .filter(webhook -> stackScope.includes(webhook.stack().slug()))
        .map(this::withoutExpiredSecret)
        .orElseThrow(() -> new RefusedException(new Refusal.NoSuchWebhook(id.toString())));
  }

  /// Lists the webhooks of the account's stacks in the scope, oldest first. Those in buckets that
  /// are unavailable are missing.
  ///
  /// @param externalId only those with this one
  public Page<Webhook> list(
      AccountId account, StackScope stackScope, Optional<String> externalId, PageRequest page) {
    return BucketRouter.list(
            buckets.of(account, stackScope),
            page,
            naturalOrder(),
            unit -> unit.webhooks().list(account, stackScope, externalId, page))
        .map(this::withoutExpiredSecret);
  }
}
