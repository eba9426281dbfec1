package dev.runhook.application.webhook;

import dev.runhook.application.Actor;
import dev.runhook.application.Page;
import dev.runhook.application.PageRequest;
import dev.runhook.application.idempotency.IdempotencyScope;
import dev.runhook.application.spi.DispatchObserver;
import dev.runhook.application.spi.IdGenerator;
import dev.runhook.application.spi.Transactor;
import dev.runhook.domain.egress.EgressPolicy;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/// Manages the webhooks of a stack. A stack or webhook that does not exist is refused. Changes are
/// audited. Callers that show a secret to a user call
/// [dev.runhook.application.audit.AuditLog#recordSecretsRead] first.
public interface WebhookAdmin {
  /// Uses the default [Config] and reports health changes to no observer.
  ///
  /// @param random a cryptographically strong generator, for secrets
  static WebhookAdmin using(
      Transactor transactor,
      EgressPolicy policy,
      IdGenerator ids,
      InstantSource clock,
      RandomGenerator random) {
    return using(transactor, Config.of(policy), ids, clock, random, new DispatchObserver() {});
  }

  /// @param random a cryptographically strong generator, for secrets
  static WebhookAdmin using(
      Transactor transactor,
      Config config,
      IdGenerator ids,
      InstantSource clock,
      RandomGenerator random,
      DispatchObserver observer) {
    return new TransactionalWebhookAdmin(transactor, config, ids, clock, random, observer);
  }

  /// The limits of webhooks.
  ///
  /// @param egressPolicy the endpoints that may be called
  /// @param maxPerStack the maximum number of webhooks of a stack
  record Config(EgressPolicy egressPolicy, int maxPerStack) {
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
  WebhookAdmin within(IdempotencyScope scope);

  /// Creates a webhook. An endpoint that is malformed, may not be called, or already belongs to a
  /// webhook of the stack is refused, and so is a webhook above the limit.
  Webhook create(StackId stack, NewWebhook newWebhook, Actor actor);

  /// Changes the values in the patch. Endpoints are refused as in [#create].
  Webhook update(StackId stack, WebhookId id, WebhookPatch patch, Actor actor);

  /// Replaces the secret. The previous one still signs `webhook-signature` during the overlap.
  Webhook rotateSecret(StackId stack, WebhookId id, SecretRotation rotation, Actor actor);

  /// Ends the overlap of the last rotation now. If there is none, nothing changes.
  void revokePreviousSecret(StackId stack, WebhookId id, Actor actor);

  /// Deletes the webhook and its open deliveries.
  void delete(StackId stack, WebhookId id, Actor actor);

  /// Returns the webhook with its active secrets.
  Webhook get(StackId stack, WebhookId id);

  /// Lists the webhooks of a stack, oldest first.
  Page<Webhook> list(StackId stack, PageRequest page);
}
