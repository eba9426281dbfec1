package dev.runhook.application.webhook;

import dev.runhook.application.Actor;
import dev.runhook.application.Page;
import dev.runhook.application.PageRequest;
import dev.runhook.application.spi.DispatchObserver;
import dev.runhook.application.spi.IdSource;
import dev.runhook.application.spi.Transactor;
import dev.runhook.domain.egress.EgressPolicy;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/// For people: manages the webhooks of a stack. Every call refuses a stack or webhook that is not
/// there. What is changed is written down with who did it; whoever shows a secret to somebody tells
/// [dev.runhook.application.audit.AuditTrail#secretsRead] before.
public interface WebhookAdmin {
  /// One that tells nobody when it disables or enables a webhook.
  static WebhookAdmin using(Transactor transactor, EgressPolicy policy, Sources sources) {
    return using(transactor, policy, sources, new DispatchObserver() {});
  }

  static WebhookAdmin using(
      Transactor transactor, EgressPolicy policy, Sources sources, DispatchObserver observer) {
    return using(transactor, Rules.of(policy), sources, observer);
  }

  static WebhookAdmin using(
      Transactor transactor, Rules rules, Sources sources, DispatchObserver observer) {
    return new TransactionalWebhookAdmin(transactor, rules, sources, observer);
  }

  /// What webhooks must keep to.
  ///
  /// @param egress where they may lead
  /// @param mostPerStack how many a stack may have
  record Rules(EgressPolicy egress, int mostPerStack) {
    public Rules {
      if (mostPerStack < 1) {
        throw new IllegalArgumentException("a stack must be allowed a webhook at least");
      }
    }

    /// A hundred webhooks on a stack.
    public static Rules of(EgressPolicy egress) {
      return new Rules(egress, 100);
    }
  }

  /// Where ids, the time and secrets come from.
  ///
  /// @param random for secrets: a cryptographically strong generator
  record Sources(IdSource ids, InstantSource clock, RandomGenerator random) {}

  /// Attaches a webhook; refuses an endpoint that is taken on the stack, is no URL, or may not be
  /// called, and one webhook more than a stack may have.
  Webhook create(StackId stack, WebhookDraft draft, Actor actor);

  /// Changes what the edit names, refusing endpoints as [#create] does.
  Webhook edit(StackId stack, WebhookId id, WebhookEdit edit, Actor actor);

  /// Gives it another secret; the old one stays in force in `webhook-signature` for the overlap.
  Webhook regenerateSecret(StackId stack, WebhookId id, NewSecret secret, Actor actor);

  /// Ends at once what is left of the overlap after a change of secret; where nothing is, this is
  /// no error.
  void endPreviousSecret(StackId stack, WebhookId id, Actor actor);

  /// Deletes it with its open deliveries.
  void delete(StackId stack, WebhookId id, Actor actor);

  /// The webhook with the secrets that are in force now.
  Webhook find(StackId stack, WebhookId id);

  /// The webhooks of a stack, the oldest first.
  Page<Webhook> list(StackId stack, PageRequest page);
}
