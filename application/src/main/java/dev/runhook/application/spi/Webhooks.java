package dev.runhook.application.spi;

import dev.runhook.application.query.Page;
import dev.runhook.application.query.PageRequest;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The webhooks of all stacks.
public interface Webhooks {
  /// Adds the webhook. The stack must exist.
  ///
  /// @return false if the stack has a webhook with that endpoint; in that case, nothing changes.
  ///   Copies of account webhooks do not count here, and may have any endpoint
  boolean add(Webhook webhook);

  /// Counts the webhooks of an existing stack that are no copies, and locks the count until the
  /// unit ends, so that concurrent units cannot exceed a limit together.
  int lockAndCount(StackId stack);

  /// Counts the webhooks of all stacks of the account that are no copies, and locks the count until
  /// the unit ends.
  int lockAndCount(AccountId account);

  /// Saves a webhook that was found for update.
  ///
  /// @return false if the stack has another webhook with that endpoint; in that case, nothing
  ///   changes
  boolean save(Webhook webhook);

  /// Deletes the webhook with its secrets and header values. Its open deliveries fail. Only
  /// deliveries still refer to it, until retention removes them.
  ///
  /// @return whether the webhook existed
  boolean delete(StackId stack, WebhookId id);

  /// Finds the webhook without locking it; absent if it belongs to another account.
  Optional<Webhook> find(AccountId account, WebhookId id);

  /// Finds the webhook without locking it; absent if it belongs to another stack.
  default Optional<Webhook> find(StackId stack, WebhookId id) {
    return find(stack.account(), id).filter(webhook -> webhook.stack().equals(stack));
  }

  /// Returns whether the stack has the webhook, or had it and retention has not removed its
  /// deliveries yet.
  boolean exists(StackId stack, WebhookId id);

  /// Finds the webhook and locks it until the unit ends.
  Optional<Webhook> findForUpdate(StackId stack, WebhookId id);

  /// Returns the webhooks of the stack, the oldest first.
  default Page<Webhook> list(StackId stack, PageRequest page) {
    return list(stack.account(), StackScope.of(stack.slug()), page);
  }

  default Page<Webhook> list(AccountId account, StackScope stackScope, PageRequest page) {
    return list(account, stackScope, Optional.empty(), page);
  }

  /// Returns the webhooks of the account's stacks in the scope, the oldest first. A copy that is
  /// not selected is listed and counted only while deliveries wait, here and in other lists.
  ///
  /// @param externalId only those with this one
  Page<Webhook> list(
      AccountId account, StackScope stackScope, Optional<String> externalId, PageRequest page);

  /// Returns the webhooks of all accounts, as in other lists.
  Page<Webhook> list(PageRequest page);

  /// Returns all webhooks of these stacks, the oldest first. A stack without webhooks may be
  /// missing.
  Map<StackId, List<Webhook>> findByStacks(Collection<StackId> stacks);

  /// Returns the webhooks of these stacks that want operational events, the oldest first. A stack
  /// without such webhooks is missing.
  Map<StackId, List<Webhook>> findSubscribers(Collection<StackId> stacks);

  /// Finds and locks the webhooks whose health these attempts may change: all webhooks with a
  /// failed attempt, and those with a successful attempt and recorded failures. Never waits.
  LockedWebhooks findForHealthUpdate(Set<WebhookId> failed, Set<WebhookId> successful);

  /// Saves the health of locked webhooks, and nothing else.
  void saveHealth(Collection<Webhook> webhooks);

  /// Saves the format errors of those webhooks that still have the same format and template. Leaves
  /// out those that another unit has locked. Never waits.
  void saveFormatErrors(Collection<Webhook> webhooks);

  /// Marks active webhooks as lagging that have a delivery which is due and not leased for at least
  /// this time, if another webhook of the stack wants to know it. A webhook that wants operational
  /// events is never marked. Ends the marks of those that have no delivery which is due for half of
  /// that time. Locks the webhooks that it changes, and leaves out those that another unit has
  /// locked.
  ///
  /// @param limit the maximum number of webhooks to mark
  /// @return those that were not marked before
  List<LaggingWebhook> markLagging(Duration lag, int limit);

  /// A webhook whose deliveries are late.
  ///
  /// @param dueSince when the oldest delivery became due
  record LaggingWebhook(Webhook webhook, Instant dueSince) {}

  /// The webhooks whose health a unit may change.
  ///
  /// @param locked those that it has locked
  /// @param busy those that another unit has locked
  record LockedWebhooks(List<Webhook> locked, Set<WebhookId> busy) {
    public LockedWebhooks {
      locked = List.copyOf(locked);
      busy = Set.copyOf(busy);
    }
  }
}
