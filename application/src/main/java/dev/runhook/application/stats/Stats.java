package dev.runhook.application.stats;

import dev.runhook.application.DeliveryStats;
import dev.runhook.application.Page;
import dev.runhook.application.PageRequest;
import dev.runhook.application.StackSummary;
import dev.runhook.application.spi.Transactor;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.webhook.WebhookId;
import java.util.Optional;

/// For people: how stacks and webhooks are going.
public interface Stats {
  static Stats using(Transactor transactor) {
    return new TransactionalStats(transactor);
  }

  /// The account's stacks within reach, by slug, with their latest run and how their webhooks do.
  ///
  /// @param search a part of the slug or name, in whatever case
  Page<StackSummary> stacks(
      AccountId account, StackScope stackScope, Optional<String> search, PageRequest page);

  /// What became of a webhook's deliveries lately; refuses a webhook that is not there.
  DeliveryStats deliveryStats(StackId stack, WebhookId webhook, DeliveryStats.Window window);
}
