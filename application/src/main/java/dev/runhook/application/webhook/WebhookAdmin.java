package dev.runhook.application.webhook;

import dev.runhook.application.Actor;
import dev.runhook.application.Page;
import dev.runhook.application.PageRequest;
import dev.runhook.application.spi.DispatchObserver;
import dev.runhook.application.spi.IdGenerator;
import dev.runhook.application.spi.Transactor;
import dev.runhook.domain.egress.EgressPolicy;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/// For people: manages the webhooks of a stack. Every call refuses a stack or webhook that is not
/// there. What is changed is written down with who did it; whoever shows a secret to somebody tells
/// [dev.runhook.application.audit.AuditLog#secretsRead] before.
public interface WebhookAdmin {
  /// One that tells nobody when it disables or enables a webhook.
  static WebhookAdmin using(Transactor transactor, EgressPolicy policy, Sources sources) {
    return using(transactor, policy, sources, new DispatchObserver() {});
  }

  static WebhookAdmin using(
      Transactor transactor, EgressPolicy policy, Sources sources, DispatchObserver observer) {
    return using(transactor, Config.of(policy), sources, observer);
  }

  static WebhookAdmin using(
      Transactor transactor, Config config, Sources sources, DispatchObserver observer) {
    return new TransactionalWebhookAdmin(transactor, config, sources, observer);
  }

  /// What webhooks must keep to.
  ///
  /// @param egress where they may lead
  /// @param mostPerStack how many a stack may have
  record Config(EgressPolicy egressPolicy, int maxPerStack) {
    public Config {
      if (maxPerStack < 1) {
        throw new IllegalArgumentException("a stack must be allowed a webhook at least");
      }
    }

    /// A hundred webhooks on a stack.
    public static Config of(EgressPolicy egress) {
      return new Config(egress, 100);
    }
  }

  /// Where ids, the time and secrets come from.
  ///
  /// @param random for secrets: a cryptographically strong generator
  record Sources(IdGenerator ids, InstantSource clock, RandomGenerator random) {}

  /// Attaches a webhook; refuses an endpoint that is taken on the stack, is no URL, or may not be
  /// called, and one webhook more than a stack may have.
  Webhook create(StackId stack, NewWebhook draft, Actor actor);

  /// Changes what the edit names, refusing endpoints as [#create] does.
  Webhook update(StackId stack, WebhookId id, WebhookPatch edit, Actor actor);

  /// Gives it another secret; the old one stays in force in `webhook-signature` for the overlap.
  Webhook rotateSecret(StackId stack, WebhookId id, SecretRotation secret, Actor actor);

  /// Ends at once what is left of the overlap after a change of secret; where nothing is, this is
  /// no error.
  void revokePreviousSecret(StackId stack, WebhookId id, Actor actor);

  /// Deletes it with its open deliveries.
  void delete(StackId stack, WebhookId id, Actor actor);

  /// The webhook with the secrets that are in force now.
  Webhook get(StackId stack, WebhookId id);

  /// The webhooks of a stack, the oldest first.
  Page<Webhook> list(StackId stack, PageRequest page);
}
