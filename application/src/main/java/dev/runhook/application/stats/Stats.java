package dev.runhook.application.stats;

import dev.runhook.application.DeliveryStats;
import dev.runhook.application.Page;
import dev.runhook.application.PageRequest;
import dev.runhook.application.Refusal;
import dev.runhook.application.RefusedException;
import dev.runhook.application.StackFilter;
import dev.runhook.application.StackSummary;
import dev.runhook.application.WebhookActivity;
import dev.runhook.application.delivery.Require;
import dev.runhook.application.spi.Transactor;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.webhook.WebhookId;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/// Shows users how their stacks and webhooks are doing.
public final class Stats {
  /// Bounds the cost of a chart for busy webhooks.
  private static final int MAX_COUNTED = 50_000;

  private final Transactor transactor;

  public Stats(Transactor transactor) {
    this.transactor = transactor;
  }

  /// Lists the account's stacks in the scope that match the filter, ordered by slug.
  public Page<StackSummary> stacks(
      AccountId account, StackScope stackScope, StackFilter filter, PageRequest page) {
    return transactor.inTransaction(
        unit -> unit.statsQueries().stacks(account, stackScope, filter, page));
  }

  /// Returns the summary of a stack, or refuses the call if the stack does not exist.
  public StackSummary stack(StackId id) {
    PageRequest one = new PageRequest(1, Optional.empty());
    return stacks(id.account(), StackScope.of(id.slug()), StackFilter.all(), one).items().stream()
        .findFirst()
        .orElseThrow(() -> new RefusedException(new Refusal.NoSuchStack(id.slug())));
  }

  /// Returns the recent activity of each of these webhooks.
  public Map<WebhookId, WebhookActivity> activity(Collection<WebhookId> webhooks) {
    return webhooks.isEmpty()
        ? Map.of()
        : transactor.inTransaction(unit -> unit.statsQueries().activity(webhooks));
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
