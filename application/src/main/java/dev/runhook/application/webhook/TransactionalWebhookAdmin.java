package dev.runhook.application.webhook;

import static java.time.temporal.ChronoUnit.MILLIS;

import dev.runhook.application.Actor;
import dev.runhook.application.Page;
import dev.runhook.application.PageRequest;
import dev.runhook.application.Refusal;
import dev.runhook.application.Refusal.DuplicateEndpoint;
import dev.runhook.application.Refusal.EndpointForbidden;
import dev.runhook.application.Refusal.EndpointMalformed;
import dev.runhook.application.Refusal.NoSuchStack;
import dev.runhook.application.Refusal.NoSuchWebhook;
import dev.runhook.application.Refusal.TooManyWebhooks;
import dev.runhook.application.RefusedException;
import dev.runhook.application.audit.AuditWriter;
import dev.runhook.application.spi.DispatchObserver;
import dev.runhook.application.spi.Transactor;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.domain.audit.AuditAction;
import dev.runhook.domain.audit.AuditedAction;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.signing.SigningKeys;
import dev.runhook.domain.signing.SigningSecret;
import dev.runhook.domain.webhook.Endpoint;
import dev.runhook.domain.webhook.EndpointCheck.Forbidden;
import dev.runhook.domain.webhook.EndpointCheck.Malformed;
import dev.runhook.domain.webhook.EndpointCheck.Valid;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.domain.webhook.WebhookSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;

final class TransactionalWebhookAdmin implements WebhookAdmin {
  private final Transactor transactor;
  private final Config config;
  private final Sources sources;
  private final DispatchObserver observer;
  private final AuditWriter auditWriter;

  TransactionalWebhookAdmin(
      Transactor transactor, Config rules, Sources sources, DispatchObserver observer) {
    this.transactor = transactor;
    this.config = rules;
    this.sources = sources;
    this.observer = observer;
    this.auditWriter = new AuditWriter(sources.ids());
  }

  @Override
  public Webhook create(StackId stack, NewWebhook draft, Actor actor) {
    WebhookSettings settings =
        new WebhookSettings(
            judged(draft.endpoint()),
            draft.name(),
            draft.subscription(),
            draft.headers(),
            draft.delivery());
    Instant now = now();
    Webhook webhook =
        new Webhook(
            new WebhookId(sources.ids().next()),
            stack,
            settings,
            1,
            SigningKeys.of(chosenOrGenerated(draft.secret())),
            Health.healthy(),
            now,
            now);
    Webhook wanted = draft.enabled() ? webhook : webhook.disabled(now, disabledBy(actor));
    transactor.run(unit -> {
      requireStack(unit, stack);
      if (unit.webhooks().lockAndCount(stack) >= config.maxPerStack()) {
        throw refused(new TooManyWebhooks(config.maxPerStack()));
      }
      if (!unit.webhooks().add(wanted)) {
        throw refused(new DuplicateEndpoint());
      }
      auditWriter.write(unit, actor, WebhookAuditEvents.creation(wanted));
    });
    return wanted;
  }

  @Override
  public Webhook update(StackId stack, WebhookId id, WebhookPatch edit, Actor actor) {
    Optional<Endpoint> endpoint = edit.endpoint().map(this::judged);
    return change(
        stack,
        id,
        webhook -> edited(webhook, edit, endpoint, actor),
        WebhookAuditEvents::update,
        actor);
  }

  @Override
  public Webhook rotateSecret(StackId stack, WebhookId id, SecretRotation secret, Actor actor) {
    SigningSecret next = chosenOrGenerated(secret.secret());
    return change(
        stack,
        id,
        webhook -> webhook.rotated(next, now(), secret.overlap()),
        (_, after) ->
            List.of(
                WebhookAuditEvents.of(
                    AuditAction.SECRET_ROTATED, after, "overlap " + secret.overlap())),
        actor);
  }

  @Override
  public void revokePreviousSecret(StackId stack, WebhookId id, Actor actor) {
    change(
        stack,
        id,
        webhook -> webhook.withoutPreviousSecret(now()),
        (before, after) ->
            before.keys().equals(after.keys())
                ? List.of()
                : List.of(WebhookAuditEvents.of(AuditAction.PREVIOUS_SECRET_REVOKED, after, "")),
        actor);
  }

  @Override
  public void delete(StackId stack, WebhookId id, Actor actor) {
    transactor.run(unit -> {
      requireStack(unit, stack);
      Webhook gone = requireForUpdate(unit, stack, id);
      unit.webhooks().delete(stack, id);
      auditWriter.write(unit, actor, WebhookAuditEvents.deletion(gone));
    });
  }

  @Override
  public Webhook get(StackId stack, WebhookId id) {
    return transactor.inTransaction(unit -> {
      requireStack(unit, stack);
      return unit.webhooks()
          .find(stack, id)
          .map(webhook -> webhook.withoutExpiredSecret(now()))
          .orElseThrow(() -> refused(new NoSuchWebhook(id.toString())));
    });
  }

  @Override
  public Page<Webhook> list(StackId stack, PageRequest page) {
    Page<Webhook> found =
        transactor.inTransaction(unit -> {
          requireStack(unit, stack);
          return unit.webhooks().list(stack, page);
        });
    Instant now = now();
    return new Page<>(
        found.items().stream().map(webhook -> webhook.withoutExpiredSecret(now)).toList(),
        found.next());
  }

  private Webhook change(
      StackId stack,
      WebhookId id,
      UnaryOperator<Webhook> change,
      BiFunction<Webhook, Webhook, List<AuditedAction>> deeds,
      Actor actor) {
    Change kept =
        transactor.inTransaction(unit -> {
          requireStack(unit, stack);
          Webhook before = requireForUpdate(unit, stack, id);
          Webhook after = change.apply(before).withoutExpiredSecret(now());
          if (!unit.webhooks().save(after)) {
            throw refused(new DuplicateEndpoint());
          }
          deeds
              .apply(before, after)
              .forEach(auditedAction -> auditWriter.write(unit, actor, auditedAction));
          return new Change(before, after);
        });
    observer.reportHealthChange(kept.before(), kept.after());
    return kept.after();
  }

  private record Change(Webhook before, Webhook after) {}

  private Webhook edited(
      Webhook webhook, WebhookPatch edit, Optional<Endpoint> endpoint, Actor actor) {
    Instant now = now();
    WebhookSettings old = webhook.settings();
    WebhookSettings settings =
        new WebhookSettings(
            endpoint.orElse(old.endpoint()),
            edit.name().orElse(old.name()),
            edit.subscription().applyTo(old.subscription()),
            edit.headers().orElse(old.headers()),
            edit.delivery().applyTo(old.delivery()));
    Webhook next = webhook.edited(settings, now);
    if (edit.secret().isPresent()) {
      next = next.rotated(edit.secret().get(), now, Duration.ZERO);
    }
    if (edit.enabled().isPresent()) {
      next = edit.enabled().get() ? next.enabled(now) : next.disabled(now, disabledBy(actor));
    }
    return next;
  }

  private Endpoint judged(String text) {
    return switch (Endpoint.check(text, config.egressPolicy())) {
      case Valid(Endpoint endpoint) -> endpoint;
      case Malformed(String reason) -> throw refused(new EndpointMalformed(reason));
      case Forbidden(String rule) -> throw refused(new EndpointForbidden(rule));
    };
  }

  private SigningSecret chosenOrGenerated(Optional<SigningSecret> chosen) {
    return chosen.orElseGet(() -> SigningSecret.generate(sources.random()));
  }

  private Instant now() {
    return sources.clock().instant().truncatedTo(MILLIS);
  }

  private static String disabledBy(Actor actor) {
    return "disabled by " + actor.name();
  }

  private static Webhook requireForUpdate(UnitOfWork unit, StackId stack, WebhookId id) {
    return unit.webhooks()
        .findForUpdate(stack, id)
        .orElseThrow(() -> refused(new NoSuchWebhook(id.toString())));
  }

  private static void requireStack(UnitOfWork unit, StackId stack) {
    if (unit.stacks().find(stack).isEmpty()) {
      throw refused(new NoSuchStack(stack.slug()));
    }
  }

  private static RefusedException refused(Refusal refusal) {
    return new RefusedException(refusal);
  }
}
