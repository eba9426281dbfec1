package dev.runhook.application.spi;

import dev.runhook.application.query.DeliveryStats;
import dev.runhook.application.query.LaneSummary;
import dev.runhook.application.query.Page;
import dev.runhook.application.query.PageRequest;
import dev.runhook.application.query.SkipCount;
import dev.runhook.application.query.StackFilter;
import dev.runhook.application.query.StackSummary;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.assessment.WebhookActivity;
import dev.runhook.domain.event.Event.RunStateChanged;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.text.Explanation.Code;
import dev.runhook.domain.webhook.WebhookId;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// Read-only summaries for users. Nothing is locked.
public interface StatsQueries {
  /// Returns the account's stacks in the scope that match the filter, ordered by slug.
  Page<StackSummary> stacks(
      AccountId account, StackScope stackScope, StackFilter filter, PageRequest page);

  /// Returns the recent activity of existing webhooks. Reads a bounded number of deliveries of
  /// each: if many deliveries are newer than one that was delivered late, its success may be
  /// missing.
  Map<WebhookId, WebhookActivity> activity(Collection<WebhookId> webhooks);

  /// Returns the newest of the account's webhooks in the scope that have this id, or this text in
  /// their name or endpoint, ignoring case.
  List<WebhookId> findWebhooks(AccountId account, StackScope stackScope, String text, int limit);

  /// Counts the transitions of the last seven days that the webhook was skipped for, for this
  /// reason. Examines a bounded number of skips of all webhooks; if there are more, the period is
  /// shorter.
  SkipCount countSkips(WebhookId webhook, Code reason);

  /// Passes on the transitions of these stacks that were recorded since that time. Those of a run
  /// follow each other, ordered by version; the run that was recorded last is the first. A run is
  /// as it was after the transition, but of its details, only those that filters need are known.
  ///
  /// @param max the maximum number of transitions to examine
  /// @return how many were examined
  int readTransitions(
      Collection<Stack> stacks, Instant from, int max, Consumer<RunStateChanged> consumer);

  /// Returns since when nothing is sent: when the first due delivery of the account that no process
  /// has claimed became due. It is absent if another delivery of the account has a lease that has
  /// not ended, and if no delivery is due. Examines a bounded number of deliveries.
  Optional<Instant> stalledSince(AccountId account);

  /// Returns statistics of the webhook's deliveries up to this unit's instant.
  ///
  /// @param max the maximum number of finished deliveries, and of open deliveries, that are counted
  ///   in each interval
  DeliveryStats deliveryStats(WebhookId webhook, DeliveryStats.Window window, int max);

  /// Counts the deliveries of the account's stacks in the scope up to this unit's instant, with
  /// those of deleted webhooks, and without latencies.
  ///
  /// @param webhook only those to this webhook
  /// @param max the maximum number of finished deliveries, and of open deliveries, that are counted
  ///   in the whole window; if it is reached, the statistics are truncated
  DeliveryStats countDeliveries(
      AccountId account,
      StackScope stackScope,
      Optional<WebhookId> webhook,
      DeliveryStats.Window window,
      int max);

  /// Summarizes the deliveries of runs by webhook, with those of deleted webhooks. A lane without
  /// deliveries and without skips is missing. Counts a bounded number of deliveries of each run,
  /// the newest.
  ///
  /// @param runs the names of runs on this stack
  List<LaneSummary> summarizeLanes(StackId stack, Collection<String> runs);
}
