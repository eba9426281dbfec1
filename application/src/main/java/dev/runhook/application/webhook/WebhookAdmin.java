package dev.runhook.application.webhook;

import static java.time.temporal.ChronoUnit.MILLIS;
import static java.util.Comparator.naturalOrder;

import dev.runhook.application.audit.Actor;
import dev.runhook.application.audit.AuditWriter;
import dev.runhook.application.idempotency.IdempotencyScope;
import dev.runhook.application.outbox.CatchUp;
import dev.runhook.application.outbox.OperationalEvents;
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
import dev.runhook.domain.audit.AuditAction;
import dev.runhook.domain.event.Event.OperationalEvent.Cause;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.signing.SigningKeys;
import dev.runhook.domain.signing.SigningSecret;
import dev.runhook.domain.webhook.CustomHeaders;
import dev.runhook.domain.webhook.Endpoint;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.domain.webhook.WebhookSettings;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/// Manages the webhooks of a stack. A stack or webhook that does not exist is refused, and so is a
/// change of the copy of an account webhook, except [#resume], and reading its secret. Changes are
/// audited. Callers show secrets and header values to users only if they got them from
/// [#readSecret] and [#readHeaders], which are audited too.
public final class WebhookAdmin {
  private final BucketRouter buckets;
  private final WebhookConfig config;
  private final IdGenerator ids;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final DispatchObserver observer;
  private final WebhookAudit audit;
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
    this.buckets = buckets;
    this.config = config;
    this.ids = ids;
    this.clock = clock;
    this.random = random;
    this.observer = observer;
    this.audit = new WebhookAudit(new AuditWriter(ids));
    this.operationalEvents = new OperationalEvents(config.renderer(), ids);
  }

  /// Returns this port for the calls of one idempotent request.
  public WebhookAdmin within(IdempotencyScope scope) {
    return new WebhookAdmin(scope.bind(buckets), config, ids, clock, random, observer);
  }

  /// Creates a webhook. An endpoint that is malformed, may not be called, or already belongs to a
  /// webhook of the stack is refused, and so is a webhook above the limit.
  public Webhook create(StackId stack, CreateWebhookRequest newWebhook, Actor actor) {
    config.check(newWebhook.delivery());
    WebhookSettings settings = newWebhook.settings(config.checked(newWebhook.endpoint()));
    Instant now = now();
    WebhookId id = new WebhookId(ids.next());
    SigningKeys keys = SigningKeys.of(chosenOrGenerated(newWebhook.secret()));
    Require.routingKey(settings, keys);
    Webhook enabled = new Webhook(id, stack, settings, 1, keys, Health.healthy(), now, now);
    Webhook webhook = newWebhook.enabled() ? enabled : enabled.disabled(now, actor.name());
    Bucket bucket = buckets.of(stack);
    int rest = buckets.countOutside(bucket, unit -> unit.webhooks().lockAndCount(stack.account()));
    bucket.run(unit -> {
      Require.stackForUpdate(unit, stack);
      if (unit.webhooks().lockAndCount(stack) >= config.maxPerStack()) {
        throw new RefusedException(new Refusal.TooManyWebhooks(config.maxPerStack()));
      }
      if (unit.webhooks().lockAndCount(stack.account()) + rest >= config.maxPerAccount()) {
        throw new RefusedException(
            new Refusal.AccountQuotaExceeded("webhooks", config.maxPerAccount()));
      }
      if (!unit.webhooks().add(webhook)) {
        throw new RefusedException(new Refusal.DuplicateEndpoint());
      }
      audit.recordCreation(unit, actor, webhook);
    });
    return webhook;
  }

  /// Changes the values in the patch. Endpoints are refused as in [#create]. When the webhook
  /// becomes active again or gets another endpoint, the deliveries that wait for a retry become
  /// due.
  public Webhook update(StackId stack, WebhookId id, UpdateWebhookRequest patch, Actor actor) {
    return update(stack, id, ignored -> true, patch, actor);
  }

  /// Changes the webhook like the other method, if it is as the caller expects. Otherwise, the call
  /// is refused.
  public Webhook update(
      StackId stack,
      WebhookId id,
      Predicate<Webhook> precondition,
      UpdateWebhookRequest patch,
      Actor actor) {
    Optional<Endpoint> endpoint = patch.endpoint().map(config::checked);
    config.check(patch.settings());
    return change(
        stack,
        id,
        webhook -> edited(expected(requireOwn(webhook), precondition), patch, endpoint, actor),
        actor,
        (unit, changed) -> audit.recordUpdate(unit, actor, changed.before(), changed.after()));
  }

  private Webhook edited(
      Webhook webhook, UpdateWebhookRequest patch, Optional<Endpoint> endpoint, Actor actor) {
    Instant now = now();
    Webhook next = webhook.edited(patch.applyTo(webhook.settings(), endpoint), now);
    if (patch.secret().isPresent()) {
      next = next.rotated(patch.secret().get(), now, Duration.ZERO);
    }
    if (patch.enabled().isPresent()) {
      next = patch.enabled().get() ? next.enabled(now) : next.disabled(now, actor.name());
    }
    return next;
  }

  /// Ends a pause, so that everything that waits becomes due. An active webhook does not change.
  /// The call is refused if the webhook is disabled.
  public Webhook resume(StackId stack, WebhookId id, Actor actor) {
    return change(
        stack,
        id,
        webhook ->
            Require.enabled(webhook).health() instanceof Health.Paused
                ? webhook.enabled(now())
                : webhook,
        actor,
        (unit, changed) -> audit.recordUpdate(unit, actor, changed.before(), changed.after()));
  }

  /// Replaces the secret. The previous one still signs `webhook-signature` during the overlap.
  public Webhook rotateSecret(
      StackId stack, WebhookId id, RotateSecretRequest rotation, Actor actor) {
    SigningSecret next = chosenOrGenerated(rotation.secret());
    return change(
        stack,
        id,
        webhook -> requireOwn(webhook).rotated(next, now(), rotation.overlap()),
        actor,
        (unit, changed) -> audit.recordRotation(unit, actor, changed.after(), rotation.overlap()));
  }

  /// Returns the secrets to show them to a user.
  public SigningKeys readSecret(StackId stack, WebhookId id, Actor actor) {
    return read(stack, id, actor, AuditAction.SECRET_READ).keys();
  }

  /// Returns the custom headers to show their values to a user.
  public CustomHeaders readHeaders(StackId stack, WebhookId id, Actor actor) {
    return read(stack, id, actor, AuditAction.HEADERS_READ).settings().headers();
  }

  private Webhook read(StackId stack, WebhookId id, Actor actor, AuditAction action) {
    Bucket bucket = buckets.of(stack);
    return bucket.inTransaction(unit -> {
      Webhook webhook = withoutExpiredSecret(requireOwn(Require.webhook(unit, stack, id)));
      audit.record(unit, actor, action, webhook);
      return webhook;
    });
  }

  /// Ends the overlap of the last rotation now. If there is none, nothing changes.
  public void revokePreviousSecret(StackId stack, WebhookId id, Actor actor) {
    change(
        stack,
        id,
        webhook -> requireOwn(webhook).withoutPreviousSecret(now()),
        actor,
        (unit, changed) -> {
          if (!changed.before().keys().equals(changed.after().keys())) {
            audit.record(unit, actor, AuditAction.PREVIOUS_SECRET_REVOKED, changed.after());
          }
        });
  }

  /// Deletes the webhook with its secrets. Its open deliveries fail. Its history stays readable.
  public void delete(StackId stack, WebhookId id, Actor actor) {
    delete(stack, id, ignored -> true, actor);
  }

  /// Deletes the webhook if it is as the caller expects. Otherwise, the call is refused.
  public void delete(StackId stack, WebhookId id, Predicate<Webhook> precondition, Actor actor) {
    Bucket bucket = buckets.of(stack);
    bucket.run(unit -> {
      Webhook webhook =
          expected(requireOwn(Require.webhookForUpdate(unit, stack, id)), precondition);
      unit.webhooks().delete(stack, id);
      audit.record(unit, actor, AuditAction.WEBHOOK_DELETED, webhook);
    });
  }

  /// Returns the webhook with its active secrets.
  public Webhook get(StackId stack, WebhookId id) {
    return withoutExpiredSecret(
        buckets.of(stack).inTransaction(unit -> Require.webhook(unit, stack, id)));
  }

  /// Returns the webhook with its active secrets, if its stack is in the scope.
  public Webhook get(AccountId account, StackScope stackScope, WebhookId id) {
    return buckets.of(account, stackScope).stream()
        .flatMap(bucket -> bucket.inTransaction(unit -> unit.webhooks().find(account, id)).stream())
        .filter(webhook -> stackScope.includes(webhook.stack().slug()))
        .findFirst()
        .map(this::withoutExpiredSecret)
        .orElseThrow(() -> new RefusedException(new Refusal.NoSuchWebhook(id.toString())));
  }

  /// Lists the webhooks of a stack, oldest first.
  public Page<Webhook> list(StackId stack, PageRequest page) {
    Bucket bucket = buckets.of(stack);
    return bucket.inTransaction(unit -> {
      Require.stack(unit, stack);
      return unit.webhooks().list(stack, page).map(this::withoutExpiredSecret);
    });
  }

  /// Lists the webhooks of the account's stacks in the scope, oldest first.
  public Page<Webhook> list(AccountId account, StackScope stackScope, PageRequest page) {
    return BucketRouter.list(
            buckets.of(account, stackScope),
            page,
            naturalOrder(),
            unit -> unit.webhooks().list(account, stackScope, page))
        .map(this::withoutExpiredSecret);
  }

  private Webhook withoutExpiredSecret(Webhook webhook) {
    return webhook.withoutExpiredSecret(now());
  }

  private Webhook change(
      StackId stack,
      WebhookId id,
      UnaryOperator<Webhook> operator,
      Actor actor,
      BiConsumer<UnitOfWork, Change> recordAudit) {
    Bucket bucket = buckets.of(stack);
    Change committed =
        bucket.inTransaction(unit -> {
          Webhook before = Require.webhookForUpdate(unit, stack, id);
          Webhook after = operator.apply(before).withoutExpiredSecret(now());
          Require.routingKey(after.settings(), after.keys());
          if (!unit.webhooks().save(after)) {
            throw new RefusedException(new Refusal.DuplicateEndpoint());
          }
          Change change = new Change(before, after);
          if (after.isRecoveredFrom(before)) {
            CatchUp.start(unit, List.of(id));
          }
          recordAudit.accept(unit, change);
          operationalEvents.write(
              unit,
              OperationalEvents.between(before, after, Cause.USER, Optional.of(actor.name())));
          return change;
        });
    if (committed.after().isRecoveredFrom(committed.before())) {
      CatchUp.finish(bucket, id);
    }
    config.handoff().wake();
    observer.reportHealthChange(committed.before(), committed.after());
    return committed.after();
  }

  private record Change(Webhook before, Webhook after) {}

  /// Refuses a copy. It changes only with its account webhook, whose secret also signs for other
  /// stacks.
  private static Webhook requireOwn(Webhook webhook) {
    webhook
        .source()
        .ifPresent(source -> {
          throw new RefusedException(new Refusal.WebhookIsCopy(source.id().toString()));
        });
    return webhook;
  }

  private Webhook expected(Webhook webhook, Predicate<Webhook> precondition) {
    if (!precondition.test(withoutExpiredSecret(webhook))) {
      throw new RefusedException(new Refusal.PreconditionFailed());
    }
    return webhook;
  }

  private SigningSecret chosenOrGenerated(Optional<SigningSecret> chosen) {
    return chosen.orElseGet(() -> SigningSecret.generate(random));
  }

  private Instant now() {
    return clock.instant().truncatedTo(MILLIS);
  }
}
