package dev.runhook.application.spi.delivery;

import dev.runhook.application.query.Page;
import dev.runhook.application.query.PageRequest;
import dev.runhook.application.query.ReplayProgress;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.delivery.Replay;
import dev.runhook.domain.delivery.ReplayId;
import dev.runhook.domain.webhook.WebhookId;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// Replays, and the deliveries that they created. They are removed with their webhook, or by
/// retention.
public interface Replays {
  /// Adds a replay of an existing webhook.
  void add(Replay replay);

  /// Adds a replay that belongs to one of the account.
  void add(Replay replay, ReplayId ofAccount);

  /// Locks the replay until the unit ends, and returns whether it may create more deliveries.
  boolean lockUnlessCanceled(ReplayId replay);

  /// Marks the replay as canceled, unless it is. Waits for a unit that has locked it.
  void cancel(ReplayId replay);

  /// Returns the replays that belong to one of the account, for stacks in the scope.
  List<ReplayProgress> findOfAccount(AccountId account, StackScope scope, ReplayId ofAccount);

  /// Returns the deliveries of the replay that are open and not leased, heads of lanes last.
  List<DeliveryId> findWaiting(ReplayId replay);

  /// Records deliveries of the replay, whose ids are greater than the replay's. Call this in the
  /// unit that adds them.
  void addDeliveries(ReplayId replay, Collection<DeliveryId> deliveries);

  /// Records that the replay has created all of its deliveries.
  void complete(ReplayId replay);

  /// Finds a replay with the current status of its deliveries; absent if the webhook has none with
  /// that id.
  Optional<ReplayProgress> find(WebhookId webhook, ReplayId id);

  /// Returns the replays of the webhook, the newest first.
  Page<ReplayProgress> list(WebhookId webhook, PageRequest page);
}
