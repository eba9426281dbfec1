package dev.runhook.application.spi;

import dev.runhook.application.DeliveryStats;
import dev.runhook.application.Page;
import dev.runhook.application.PageRequest;
import dev.runhook.application.StackSummary;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.webhook.WebhookId;
import java.util.Optional;

/// What people look at to see how all is going: read and counted, never locked.
public interface StatsQueries {
  /// The account's stacks within reach, by slug.
  ///
  /// @param search a part of the slug or name, in whatever case; not empty
  Page<StackSummary> stacks(
      AccountId account, StackScope stackScope, Optional<String> search, PageRequest page);

  /// What became of the webhook's deliveries up to this unit's instant.
  ///
  /// @param most how many deliveries are counted in each step, of those that are finished and of
  ///   the open ones
  DeliveryStats deliveryStats(WebhookId webhook, DeliveryStats.Window window, int most);
}
