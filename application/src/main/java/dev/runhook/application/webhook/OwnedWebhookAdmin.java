package dev.runhook.application.webhook;

import static java.time.temporal.ChronoUnit.MILLIS;

import dev.runhook.application.audit.Actor;
import dev.runhook.application.audit.AuditWriter;
import dev.runhook.application.idempotency.IdempotencyScope;
import dev.runhook.application.outbox.WebhookChange;
import dev.runhook.application.query.Page;
import dev.runhook.application.query.PageRequest;
import dev.runhook.application.refusal.Refusal;
import dev.runhook.application.refusal.RefusedException;
import dev.runhook.application.refusal.Require;
import dev.runhook.application.spi.Bucket;
import dev.runhook.application.spi.IdGenerator;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.application.spi.delivery.DispatchObserver;
import dev.runhook.domain.audit.AuditAction;
import dev.runhook.domain.filter.StackSelector;
import dev.runhook.domain.signing.SigningKeys;
import dev.runhook.domain.signing.SigningSecret;
import dev.runhook.domain.webhook.CustomHeaders;
import dev.runhook.domain.webhook.Endpoint;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.domain.webhook.WebhookOwner;
import dev.runhook.domain.webhook.WebhookOwner.SelectorOwner;
import dev.runhook.domain.webhook.WebhookSettings;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/// Manages the webhooks of one kind of owner. A webhook that does not exist is refused, and so is a
/// change of the copy of an account webhook, and reading its secret. Changes are audited. Callers
/// show secrets and header values to users only if they got them from [#readSecret] and
/// [#readHeaders], which are audited too.
///
/// @param <O> identifies an owner
public abstract class OwnedWebhookAdmin<O> {
  /// What webhooks of every kind need to be changed.
  ///
  /// @param random a cryptographically strong generator, for secrets
  record Parts(
      WebhookConfig config,
      IdGenerator ids,
      InstantSource clock,
      RandomGenerator random,
      DispatchObserver observer) {
    Instant now() {
      return clock.instant().truncatedTo(MILLIS);
    }
  }

  final Parts parts;
  final WebhookAudit audit;

  OwnedWebhookAdmin(Parts parts) {
    this.parts = parts;
    this.audit = new WebhookAudit(new AuditWriter(parts.ids()));
  }

  /// Returns this port for the calls of one idempotent request.
  public abstract OwnedWebhookAdmin<O> within(IdempotencyScope scope);

  abstract Bucket bucketOf(O owner);

  abstract WebhookOwner newOwner(O owner, Optional<StackSelector> selector);

  /// Adds a webhook, unless there are too many.
  ///
  /// @param alongside what is committed together with it
  abstract void add(O owner, Webhook webhook, Consumer<UnitOfWork> alongside);

  /// Finds a webhook, or refuses the request.
  abstract Webhook require(UnitOfWork unit, O owner, WebhookId id);

  /// Finds and locks a webhook, or refuses the request.
  abstract Webhook requireForUpdate(UnitOfWork unit, O owner, WebhookId id);

  /// Saves a change, and returns what was saved.
  abstract Webhook save(UnitOfWork unit, WebhookChange change, Actor actor);

  /// Deletes a locked webhook, and returns what is left of it.
  abstract Webhook delete(UnitOfWork unit, Webhook webhook);

  /// Does what follows a committed change.
  abstract Webhook finish(WebhookChange change);

  /// Returns the webhooks of an owner, the oldest first.
  abstract Page<Webhook> list(UnitOfWork unit, O owner, PageRequest page);

  /// Creates a webhook. An endpoint that is malformed or may not be called is refused, and so is a
  /// webhook above the limit. A stack refuses two webhooks with the same endpoint; copies of
  /// account webhooks do not count.
  public Webhook create(O owner, CreateWebhookRequest request, Actor actor) {
    return create(owner, request, actor, ignored -> {});
  }

  /// @param check is called when the webhook is added, and prevents that with an exception
  private Webhook create(
      O owner, CreateWebhookRequest request, Actor actor, Consumer<UnitOfWork> check) {
    WebhookConfig config = parts.config();
    config.check(request.delivery());
    WebhookSettings settings = request.settings(config.checked(request.endpoint()));
    SigningKeys keys = SigningKeys.of(chosenOrGenerated(request.secret()));
    Require.routingKey(settings, keys);
    Instant now = parts.now();
    WebhookId id = new WebhookId(parts.ids().next());
    Webhook enabled = Webhook.create(id, newOwner(owner, request.selector()), settings, keys, now);
    Webhook webhook = request.enabled() ? enabled : enabled.disabled(now, actor.name());
    add(
        owner,
        webhook,
        unit -> {
          check.accept(unit);
          audit.recordCreation(unit, actor, webhook);
        });
    return finish(new WebhookChange(webhook, webhook));
  }

  /// Creates the webhook with the external ID of the request or, if there is one, changes it to
  /// what is requested. This is for hosts whose webhooks follow a configuration of their own.
  /// Concurrent calls create one webhook. Without a secret in the request, a webhook keeps its own.
  /// A webhook that was disabled, by a user or its receiver, stays disabled. Refused as [#create]
  /// and [#update] are.
  ///
  /// @return the webhook; nothing is written if it is as requested
  public Webhook createOrUpdate(O owner, CreateWebhookRequest request, Actor actor) {
    if (request.externalId().isEmpty()) {
      throw new IllegalArgumentException("the request has no external ID");
    }
    Optional<Webhook> existing = find(owner, request);
    if (existing.isEmpty()) {
      try {
        return create(owner, request, actor, unit -> requireOnly(unit, owner, request));
      } catch (RefusedException e) { // because another call has created it, or for good
        existing = Optional.of(find(owner, request).orElseThrow(() -> e));
      }
    }
    Webhook before = withoutExpiredSecret(existing.get());
    parts.config().check(request.delivery());
    Endpoint endpoint = parts.config().checked(request.endpoint());
    return asRequested(before, request, endpoint, actor).equals(before)
        ? before
        : change(
            owner,
            before.id(),
            webhook -> asRequested(webhook, request, endpoint, actor),
            actor,
            (unit, change) -> audit.recordUpdate(unit, actor, change.before(), change.after()));
  }

  private Webhook asRequested(
      Webhook webhook, CreateWebhookRequest request, Endpoint endpoint, Actor actor) {
    Instant now = parts.now();
    Webhook next = webhook;
    WebhookSettings settings = request.settings(endpoint);
    if (!settings.equals(webhook.settings())) {
      next = next.edited(settings, now);
    }
    if (webhook.owner() instanceof SelectorOwner owner) {
      StackSelector selector = request.selector().orElseGet(StackSelector::all);
      next = owner.selector().equals(selector) ? next : next.withSelector(selector);
    }
    if (request.secret().filter(secret -> !secret.equals(webhook.keys().current())).isPresent()) {
      next = next.rotated(request.secret().get(), now, Duration.ZERO);
    }
    return request.enabled() ? next : next.disabled(now, actor.name());
  }

  private Optional<Webhook> find(O owner, CreateWebhookRequest request) {
    return bucketOf(owner)
        .inTransaction(unit -> findAll(unit, owner, request).stream().findFirst());
  }

  /// Finds the webhooks with the external ID of the request that are no copies.
  private List<Webhook> findAll(UnitOfWork unit, O owner, CreateWebhookRequest request) {
    return Page.<Webhook>all(page -> list(unit, owner, page)).stream()
        .filter(webhook -> webhook.source().isEmpty())
        .filter(webhook -> webhook.settings().externalId().equals(request.externalId()))
        .toList();
  }

  private void requireOnly(UnitOfWork unit, O owner, CreateWebhookRequest request) {
    if (findAll(unit, owner, request).size() > 1) {
      throw new RefusedException(new Refusal.PreconditionFailed());
    }
  }

  /// Changes the values in the patch. Endpoints are refused as in [#create]. When a webhook becomes
  /// active again or gets another endpoint, the deliveries that wait for a retry become due.
  public Webhook update(O owner, WebhookId id, UpdateWebhookRequest patch, Actor actor) {
    return update(owner, id, ignored -> true, patch, actor);
  }

  /// Changes the webhook like the other method, if it is as the caller expects. Otherwise, the call
  /// is refused.
  public Webhook update(
      O owner,
      WebhookId id,
      Predicate<Webhook> precondition,
      UpdateWebhookRequest patch,
      Actor actor) {
    Optional<Endpoint> endpoint = patch.endpoint().map(parts.config()::checked);
    parts.config().check(patch.settings());
    return change(
        owner,
        id,
        webhook -> edited(expected(requireOwn(webhook), precondition), patch, endpoint, actor),
        actor,
        (unit, change) -> audit.recordUpdate(unit, actor, change.before(), change.after()));
  }

  private Webhook edited(
      Webhook webhook, UpdateWebhookRequest patch, Optional<Endpoint> endpoint, Actor actor) {
    Instant now = parts.now();
    Webhook next = webhook.edited(patch.applyTo(webhook.settings(), endpoint), now);
    if (patch.selector().isPresent()) {
      next = next.withSelector(patch.selector().get());
    }
    if (patch.secret().isPresent()) {
      next = next.rotated(patch.secret().get(), now, Duration.ZERO);
    }
    if (patch.enabled().isPresent()) {
      next = patch.enabled().get() ? next.enabled(now) : next.disabled(now, actor.name());
    }
    return next;
  }

  /// Replaces the secret. The previous one still signs `webhook-signature` during the overlap.
  public Webhook rotateSecret(O owner, WebhookId id, RotateSecretRequest rotation, Actor actor) {
    SigningSecret next = chosenOrGenerated(rotation.secret());
    return change(
        owner,
        id,
        webhook -> requireOwn(webhook).rotated(next, parts.now(), rotation.overlap()),
        actor,
        (unit, change) -> audit.recordRotation(unit, actor, change.after(), rotation.overlap()));
  }

  /// Ends the overlap of the last rotation now. If there is none, nothing changes.
  public void revokePreviousSecret(O owner, WebhookId id, Actor actor) {
    change(
        owner,
        id,
        webhook -> requireOwn(webhook).withoutPreviousSecret(parts.now()),
        actor,
        (unit, change) -> {
          if (!change.before().keys().equals(change.after().keys())) {
            audit.record(unit, actor, AuditAction.PREVIOUS_SECRET_REVOKED, change.after());
          }
        });
  }

  /// Returns the secrets to show them to a user.
  public SigningKeys readSecret(O owner, WebhookId id, Actor actor) {
    return read(owner, id, actor, AuditAction.SECRET_READ).keys();
  }

  /// Returns the custom headers to show their values to a user.
  public CustomHeaders readHeaders(O owner, WebhookId id, Actor actor) {
    return read(owner, id, actor, AuditAction.HEADERS_READ).settings().headers();
  }

  private Webhook read(O owner, WebhookId id, Actor actor, AuditAction action) {
    return bucketOf(owner)
        .inTransaction(unit -> {
          Webhook webhook = withoutExpiredSecret(requireOwn(require(unit, owner, id)));
          audit.record(unit, actor, action, webhook);
          return webhook;
        });
  }

  /// Deletes the webhook with its secrets. Its open deliveries fail. Its history stays readable.
  public void delete(O owner, WebhookId id, Actor actor) {
    delete(owner, id, ignored -> true, actor);
  }

  /// Deletes the webhook if it is as the caller expects. Otherwise, the call is refused.
  public void delete(O owner, WebhookId id, Predicate<Webhook> precondition, Actor actor) {
    Webhook left =
        bucketOf(owner)
            .inTransaction(unit -> {
              Webhook webhook =
                  expected(requireOwn(requireForUpdate(unit, owner, id)), precondition);
              Webhook after = delete(unit, webhook);
              audit.record(unit, actor, AuditAction.WEBHOOK_DELETED, webhook);
              return after;
            });
    finish(new WebhookChange(left, left));
  }

  /// Returns the webhook with its active secrets.
  public Webhook get(O owner, WebhookId id) {
    return withoutExpiredSecret(bucketOf(owner).inTransaction(unit -> require(unit, owner, id)));
  }

  /// Lists the webhooks of an owner, oldest first.
  public Page<Webhook> list(O owner, PageRequest page) {
    return bucketOf(owner)
        .inTransaction(unit -> list(unit, owner, page))
        .map(this::withoutExpiredSecret);
  }

  Webhook change(
      O owner,
      WebhookId id,
      UnaryOperator<Webhook> operator,
      Actor actor,
      BiConsumer<UnitOfWork, WebhookChange> recordAudit) {
    WebhookChange committed =
        bucketOf(owner)
            .inTransaction(unit -> {
              Webhook before = requireForUpdate(unit, owner, id);
              Webhook after = withoutExpiredSecret(operator.apply(before));
              Require.routingKey(after.settings(), after.keys());
              WebhookChange change =
                  new WebhookChange(before, save(unit, new WebhookChange(before, after), actor));
              recordAudit.accept(unit, change);
              return change;
            });
    return finish(committed);
  }

  Webhook withoutExpiredSecret(Webhook webhook) {
    return webhook.withoutExpiredSecret(parts.now());
  }

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
    return chosen.orElseGet(() -> SigningSecret.generate(parts.random()));
  }
}
