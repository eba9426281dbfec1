package dev.runhook.application.spi;

import dev.runhook.application.Page;
import dev.runhook.application.PageRequest;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The webhooks of all stacks.
public interface Webhooks {
  /// Adds the webhook, whose stack must exist; false, and nothing changed, where its endpoint is
  /// taken on the stack.
  boolean add(Webhook webhook);

  /// How many webhooks the stack has, which must exist. Until the unit ends nobody else counts
  /// them, so that whoever does before adding one never goes over a limit.
  int lockAndCount(StackId stack);

  /// Keeps all of a webhook that was found for update; false, and nothing changed, where its
  /// endpoint is another's on the stack.
  boolean save(Webhook webhook);

  /// Deletes the webhook and its open deliveries; says whether it was there.
  boolean delete(StackId stack, WebhookId id);

  /// The webhook, unlocked; absent where it is on another stack.
  Optional<Webhook> find(StackId stack, WebhookId id);

  /// The webhook, locked until the unit ends.
  Optional<Webhook> findForUpdate(StackId stack, WebhookId id);

  /// The webhooks of a stack, the oldest first.
  Page<Webhook> list(StackId stack, PageRequest page);

  /// All webhooks of these stacks, the oldest first; a stack without any may be missing.
  Map<StackId, List<Webhook>> findByStacks(Collection<StackId> stacks);

  /// Locks and returns the webhooks whose health attempts may have changed: all that failed, and
  /// those of the successful whose health was not perfect.
  List<Webhook> findForHealthUpdate(Set<WebhookId> failed, Set<WebhookId> successful);

  /// Keeps the health of webhooks that are locked, and nothing else of them.
  void saveHealth(Collection<Webhook> webhooks);
}
