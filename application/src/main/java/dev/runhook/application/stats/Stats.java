package dev.runhook.application.stats;

import dev.runhook.application.DeliveryStats;
import dev.runhook.application.Page;
import dev.runhook.application.PageRequest;
import dev.runhook.application.StackSummary;
import dev.runhook.application.delivery.Require;
import dev.runhook.application.spi.Transactor;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.webhook.WebhookId;
import java.util.Optional;

/// Shows users how their stacks and webhooks are doing.
public final class Stats {
  /// Bounds the cost of a chart for busy webhooks.
  private static final int MAX_COUNTED = 50_000;

  private final Transactor transactor;

  private Stats(Transactor transactor) {
    this.transactor = transactor;
  }

  public static Stats using(Transactor transactor) {
    return new Stats(transactor);
  }

  /// Lists the account's stacks in scope, ordered by slug.
  ///
  /// @param search a part of the slug or the name, ignoring case
  public Page<StackSummary> stacks(
      AccountId account, StackScope stackScope, Optional<String> search, PageRequest page) {
    return transactor.inTransaction(unit ->
        unit.statsQueries()
            .stacks(account, stackScope, search.filter(text -> !text.isEmpty()), page));
  }

  /// Counts the recent deliveries of a webhook. A webhook that does not exist is refused.
  public DeliveryStats deliveryStats(
      StackId stack, WebhookId webhook, DeliveryStats.Window window) {
    return transactor.inTransaction(unit -> {
      Require.webhook(unit, stack, webhook);
      return unit.statsQueries().deliveryStats(webhook, window, MAX_COUNTED);
    });
  }
}
