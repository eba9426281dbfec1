package dev.runhook.application.webhook;

import static java.time.temporal.ChronoUnit.MILLIS;

import dev.runhook.application.Actor;
import dev.runhook.application.Page;
import dev.runhook.application.PageRequest;
import dev.runhook.application.Refusal;
import dev.runhook.application.RefusedException;
import dev.runhook.application.audit.AuditWriter;
import dev.runhook.application.delivery.Require;
import dev.runhook.application.idempotency.IdempotencyScope;
import dev.runhook.application.spi.DispatchObserver;
import dev.runhook.application.spi.IdGenerator;
import dev.runhook.application.spi.Transactor;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.domain.audit.AuditAction;
import dev.runhook.domain.egress.EgressPolicy;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.signing.SigningKeys;
import dev.runhook.domain.signing.SigningSecret;
import dev.runhook.domain.webhook.Endpoint;
import dev.runhook.domain.webhook.EndpointCheck;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.domain.webhook.WebhookSettings;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/// Manages the webhooks of a stack. A stack or webhook that does not exist is refused. Changes are
/// audited. Callers that show a secret to a user call
/// [dev.runhook.application.audit.AuditLog#recordSecretsRead] first.
public final class WebhookAdmin {
  private final Transactor transactor;
  private final Config config;
  private final IdGenerator ids;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final DispatchObserver observer;
  private final WebhookAuditEvents auditEvents;

  private WebhookAdmin(
      Transactor transactor,
      Config config,
      IdGenerator ids,
      InstantSource clock,
      RandomGenerator random,
      DispatchObserver observer) {
    this.transactor = transactor;
    this.config = config;
    this.ids = ids;
    this.clock = clock;
    this.random = random;
    this.observer = observer;
    this.auditEvents = new WebhookAuditEvents(new AuditWriter(ids));
  }

  /// Uses the default [Config] and reports health changes to no observer.
  ///
  /// @param random a cryptographically strong generator, for secrets
  public static WebhookAdmin using(
      Transactor transactor,
      EgressPolicy policy,
      IdGenerator ids,
      InstantSource clock,
      RandomGenerator random) {
    return using(transactor, Config.of(policy), ids, clock, random, new DispatchObserver() {});
  }

  /// @param random a cryptographically strong generator, for secrets
  public static WebhookAdmin using(
      Transactor transactor,
      Config config,
      IdGenerator ids,
      InstantSource clock,
      RandomGenerator random,
      DispatchObserver observer) {
    return new WebhookAdmin(transactor, config, ids, clock, random, observer);
  }

  /// The limits of webhooks.
  ///
  /// @param egressPolicy the endpoints that may be called
  /// @param maxPerStack the maximum number of webhooks of a stack
  public record Config(EgressPolicy egressPolicy, int maxPerStack) {
    public Config {
      if (maxPerStack < 1) {
        throw new IllegalArgumentException("a stack must be allowed to have at least one webhook");
      }
    }

    /// Allows 100 webhooks on a stack.
    public static Config of(EgressPolicy egressPolicy) {
      return new Config(egressPolicy, 100);
    }
  }

  /// Returns this port for the calls of one idempotent request.
  public WebhookAdmin within(IdempotencyScope scope) {
    return new WebhookAdmin(scope.bind(transactor), config, ids, clock, random, observer);
  }

  /// Creates a webhook. An endpoint that is malformed, may not be called, or already belongs to a
  /// webhook of the stack is refused, and so is a webhook above the limit.
  public Webhook create(StackId stack, NewWebhook newWebhook, Actor actor) {
    WebhookSettings settings =
        new WebhookSettings(
            checked(newWebhook.endpoint()),
            newWebhook.name(),
            newWebhook.subscription(),
            newWebhook.headers(),
            newWebhook.delivery());
    Instant now = now();
    WebhookId id = new WebhookId(ids.next());
    SigningKeys keys = SigningKeys.of(chosenOrGenerated(newWebhook.secret()));
    Webhook enabled = new Webhook(id, stack, settings, 1, keys, Health.healthy(), now, now);
    Webhook webhook = newWebhook.enabled() ? enabled : enabled.disabled(now, disabledBy(actor));
    transactor.run(unit -> {
      Require.stack(unit, stack);
      if (unit.webhooks().lockAndCount(stack) >= config.maxPerStack()) {
        throw refused(new Refusal.TooManyWebhooks(config.maxPerStack()));
      }
      if (!unit.webhooks().add(webhook)) {
        throw refused(new Refusal.DuplicateEndpoint());
      }
      auditEvents.created(unit, actor, webhook);
    });
    return webhook;
  }

  /// Changes the values in the patch. Endpoints are refused as in [#create].
  public Webhook update(StackId stack, WebhookId id, WebhookPatch patch, Actor actor) {
    Optional<Endpoint> endpoint = patch.endpoint().map(this::checked);
    return change(
        stack,
        id,
        webhook -> updated(webhook, patch, endpoint, actor),
        (unit, before, after) -> auditEvents.updated(unit, actor, before, after));
  }

  /// Replaces the secret. The previous one still signs `webhook-signature` during the overlap.
  public Webhook rotateSecret(StackId stack, WebhookId id, SecretRotation rotation, Actor actor) {
    SigningSecret next = chosenOrGenerated(rotation.secret());
    return change(
        stack,
        id,
        webhook -> webhook.rotated(next, now(), rotation.overlap()),
        (unit, _, after) ->
            auditEvents.write(
                unit, actor, AuditAction.SECRET_ROTATED, after, "overlap " + rotation.overlap()));
  }

  /// Ends the overlap of the last rotation now. If there is none, nothing changes.
  public void revokePreviousSecret(StackId stack, WebhookId id, Actor actor) {
    change(
        stack,
        id,
        webhook -> webhook.withoutPreviousSecret(now()),
        (unit, before, after) -> {
          if (!before.keys().equals(after.keys())) {
            auditEvents.write(unit, actor, AuditAction.PREVIOUS_SECRET_REVOKED, after, "");
          }
        });
  }

  /// Deletes the webhook and its open deliveries.
  public void delete(StackId stack, WebhookId id, Actor actor) {
    transactor.run(unit -> {
      Webhook webhook = requireForUpdate(unit, stack, id);
      unit.webhooks().delete(stack, id);
      auditEvents.deleted(unit, actor, webhook);
    });
  }

  /// Returns the webhook with its active secrets.
  public Webhook get(StackId stack, WebhookId id) {
    return transactor.inTransaction(
        unit -> Require.webhook(unit, stack, id).withoutExpiredSecret(now()));
  }

  /// Lists the webhooks of a stack, oldest first.
  public Page<Webhook> list(StackId stack, PageRequest page) {
    Page<Webhook> found =
        transactor.inTransaction(unit -> {
          Require.stack(unit, stack);
          return unit.webhooks().list(stack, page);
        });
    Instant now = now();
    return new Page<>(
        found.items().stream().map(webhook -> webhook.withoutExpiredSecret(now)).toList(),
        found.next());
  }

  private Webhook change(
      StackId stack, WebhookId id, UnaryOperator<Webhook> change, ChangeAudit audit) {
    Change committed =
        transactor.inTransaction(unit -> {
          Webhook before = requireForUpdate(unit, stack, id);
          Webhook after = change.apply(before).withoutExpiredSecret(now());
          if (!unit.webhooks().save(after)) {
            throw refused(new Refusal.DuplicateEndpoint());
          }
          audit.write(unit, before, after);
          return new Change(before, after);
        });
    observer.reportHealthChange(committed.before(), committed.after());
    return committed.after();
  }

  private record Change(Webhook before, Webhook after) {}

  private interface ChangeAudit {
    void write(UnitOfWork unit, Webhook before, Webhook after);
  }

  private Webhook updated(
      Webhook webhook, WebhookPatch patch, Optional<Endpoint> endpoint, Actor actor) {
    Instant now = now();
    WebhookSettings old = webhook.settings();
    WebhookSettings settings =
        new WebhookSettings(
            endpoint.orElse(old.endpoint()),
            patch.name().orElse(old.name()),
            patch.subscription().applyTo(old.subscription()),
            patch.headers().orElse(old.headers()),
            patch.delivery().applyTo(old.delivery()));
    Webhook next = webhook.edited(settings, now);
    if (patch.secret().isPresent()) {
      next = next.rotated(patch.secret().get(), now, Duration.ZERO);
    }
    if (patch.enabled().isPresent()) {
      next = patch.enabled().get() ? next.enabled(now) : next.disabled(now, disabledBy(actor));
    }
    return next;
  }

  private Endpoint checked(String text) {
    return switch (Endpoint.check(text, config.egressPolicy())) {
      case EndpointCheck.Valid(Endpoint endpoint) -> endpoint;
      case EndpointCheck.Malformed(String reason) ->
          throw refused(new Refusal.EndpointMalformed(reason));
      case EndpointCheck.Forbidden(String rule) ->
          throw refused(new Refusal.EndpointForbidden(rule));
    };
  }

  private SigningSecret chosenOrGenerated(Optional<SigningSecret> chosen) {
    return chosen.orElseGet(() -> SigningSecret.generate(random));
  }

  private Instant now() {
    return clock.instant().truncatedTo(MILLIS);
  }

  private static String disabledBy(Actor actor) {
    return "disabled by " + actor.name();
  }

  private static Webhook requireForUpdate(UnitOfWork unit, StackId stack, WebhookId id) {
    Require.stack(unit, stack);
    return unit.webhooks()
        .findForUpdate(stack, id)
        .orElseThrow(() -> refused(new Refusal.NoSuchWebhook(id.toString())));
  }

  private static RefusedException refused(Refusal refusal) {
    return new RefusedException(refusal);
  }
}
