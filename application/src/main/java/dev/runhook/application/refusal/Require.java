package dev.runhook.application.refusal;

import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.application.spi.delivery.Deliveries.StoredDelivery;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.egress.EgressPolicy;
import dev.runhook.domain.run.Run;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.signing.SigningKeys;
import dev.runhook.domain.webhook.Endpoint;
import dev.runhook.domain.webhook.EndpointCheck;
import dev.runhook.domain.webhook.EndpointValidator;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.PagerDutyKey;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.domain.webhook.WebhookSettings;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// Finds what a request refers to, or refuses the request.
public final class Require {
  private Require() {}

  public static Stack stack(UnitOfWork unit, StackId id) {
    return existing(unit.stacks().find(id), id);
  }

  /// Keeps the stack from being deleted until the unit ends.
  public static Stack stackForUpdate(UnitOfWork unit, StackId id) {
    return existing(unit.stacks().findForUpdate(id), id);
  }

  private static Stack existing(Optional<Stack> found, StackId id) {
    return found.orElseThrow(() -> new RefusedException(new Refusal.NoSuchStack(id.slug())));
  }

  public static Webhook webhook(UnitOfWork unit, StackId stack, WebhookId id) {
    stack(unit, stack);
    return unit.webhooks()
        .find(stack, id)
        .orElseThrow(() -> new RefusedException(new Refusal.NoSuchWebhook(id.toString())));
  }

  public static Webhook webhookForUpdate(UnitOfWork unit, StackId stack, WebhookId id) {
    stack(unit, stack);
    return unit.webhooks()
        .findForUpdate(stack, id)
        .orElseThrow(() -> new RefusedException(new Refusal.NoSuchWebhook(id.toString())));
  }

  /// Requires a webhook that may be deleted.
  public static void existingWebhook(UnitOfWork unit, StackId stack, WebhookId id) {
    stack(unit, stack);
    if (!unit.webhooks().exists(stack, id)) {
      throw new RefusedException(new Refusal.NoSuchWebhook(id.toString()));
    }
  }

  public static Webhook enabled(Webhook webhook) {
    if (webhook.health() instanceof Health.Disabled disabled) {
      throw new RefusedException(new Refusal.WebhookDisabled(disabled.reason()));
    }
    return webhook;
  }

  /// Finds an account webhook that is not deleted.
  public static Webhook accountWebhook(List<Webhook> ofAccount, WebhookId id) {
    return ofAccount.stream()
        .filter(webhook -> webhook.id().equals(id) && !webhook.selectorOwner().deleted())
        .findFirst()
        .orElseThrow(() -> new RefusedException(new Refusal.NoSuchAccountWebhook(id.toString())));
  }

  public static Webhook active(Webhook webhook) {
    if (webhook.health() instanceof Health.Paused) {
      throw new RefusedException(new Refusal.WebhookPaused());
    }
    return enabled(webhook);
  }

  public static Run run(UnitOfWork unit, RunId id) {
    stack(unit, id.stack());
    return unit.runs()
        .find(id)
        .orElseThrow(() -> new RefusedException(new Refusal.NoSuchRun(id.name())));
  }

  /// Finds a delivery of a stack in the scope. A delivery of a deleted webhook is refused.
  public static StoredDelivery deliveryWithWebhook(
      UnitOfWork unit, AccountId account, StackScope scope, DeliveryId id) {
    StoredDelivery found =
        unit.deliveries()
            .find(account, id)
            .filter(stored -> scope.includes(stored.webhook().stack().slug()))
            .orElseThrow(() -> new RefusedException(new Refusal.NoSuchDelivery(id.toString())));
    if (found.webhookDeletedAt().isPresent()) {
      throw new RefusedException(new Refusal.NoSuchWebhook(found.webhook().id().toString()));
    }
    return found;
  }

  /// Finds a delivery that this unit has just added.
  public static Delivery delivery(UnitOfWork unit, AccountId account, DeliveryId id) {
    return unit.deliveries()
        .find(account, id)
        .map(StoredDelivery::delivery)
        .orElseThrow(() -> new IllegalStateException("an added delivery cannot be found"));
  }

  /// Returns the endpoint, or refuses it.
  public static Endpoint endpoint(String text, EgressPolicy policy) {
    return switch (new EndpointValidator(policy).check(text)) {
      case EndpointCheck.Valid(Endpoint endpoint) -> endpoint;
      case EndpointCheck.Malformed(String reason) ->
          throw new RefusedException(new Refusal.EndpointMalformed(reason));
      case EndpointCheck.Forbidden(String rule) ->
          throw new RefusedException(new Refusal.EndpointForbidden(rule));
    };
  }

  /// Refuses a template that cannot render events.
  ///
  /// @param findError returns why it cannot
  public static void template(
      Optional<String> template, Function<String, Optional<String>> findError) {
    template
        .flatMap(findError)
        .ifPresent(reason -> {
          throw new RefusedException(new Refusal.InvalidTemplate(reason));
        });
  }

  /// Refuses a secret that is not a routing key if the settings need one.
  public static void routingKey(WebhookSettings settings, SigningKeys keys) {
    if (!PagerDutyKey.allows(settings, keys.current())) {
      throw new RefusedException(new Refusal.RoutingKeyRequired());
    }
  }
}
