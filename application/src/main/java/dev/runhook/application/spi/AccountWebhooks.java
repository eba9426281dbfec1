package dev.runhook.application.spi;

import dev.runhook.application.query.CopyCount;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/// The webhooks of all accounts' selectors. With several buckets, each bucket has them all, so that
/// a transaction that creates a stack finds them. The home bucket is the first to have a new
/// version. The copies on stacks are in [Webhooks].
public interface AccountWebhooks {
  /// Returns the account webhooks, the oldest first, with those that were deleted recently, and
  /// locks them until the unit ends. The unit may then change their copies.
  List<Webhook> lockAndList(AccountId account);

  /// Returns the account webhooks, the oldest first, with those that were deleted recently.
  List<Webhook> list(AccountId account);

  /// Returns account webhooks, the oldest first, whose copies do not all have the current version.
  List<Webhook> findUncopied(int limit);

  /// Adds or replaces the account webhook, unless the store has a later version. Secrets and
  /// headers that cannot be decrypted stay as they are. Those of a deleted account webhook are
  /// erased.
  void put(Webhook webhook);

  /// Removes account webhooks that were deleted before that time and have no copies left. Until
  /// then, they stay so that a process that is late cannot add them again.
  void removeDeleted(Instant before);

  /// Counts the copies of the account's webhooks that [Webhooks#list] returns. Account webhooks
  /// without copies are missing.
  Map<WebhookId, CopyCount> countCopies(AccountId account);
}
