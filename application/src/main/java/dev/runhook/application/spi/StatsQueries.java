package dev.runhook.application.spi;

import dev.runhook.application.query.DeliveryStats;
import dev.runhook.application.query.Page;
import dev.runhook.application.query.PageRequest;
import dev.runhook.application.query.StackFilter;
import dev.runhook.application.query.StackSummary;
import dev.runhook.application.query.WebhookActivity;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.webhook.WebhookId;
import java.util.Collection;
import java.util.Map;

/// Read-only summaries for users. Nothing is locked.
public interface StatsQueries {
  /// Returns the account's stacks in the scope that match the filter, ordered by slug.
  Page<StackSummary> stacks(
      AccountId account, StackScope stackScope, StackFilter filter, PageRequest page);

  /// Returns the recent activity of existing webhooks. Reads a bounded number of deliveries of
  /// each: if many deliveries are newer than one that was delivered late, its success may be
  /// missing.
  Map<WebhookId, WebhookActivity> activity(Collection<WebhookId> webhooks);

  /// Returns statistics of the webhook's deliveries up to this unit's instant.
  ///
  /// @param max the maximum number of finished deliveries, and of open deliveries, that are counted
  ///   in each interval
  DeliveryStats deliveryStats(WebhookId webhook, DeliveryStats.Window window, int max);
}
