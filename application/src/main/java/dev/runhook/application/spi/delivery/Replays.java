package dev.runhook.application.spi.delivery;

import dev.runhook.application.query.Page;
import dev.runhook.application.query.PageRequest;
import dev.runhook.application.query.ReplayProgress;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.delivery.Replay;
import dev.runhook.domain.delivery.ReplayId;
import dev.runhook.domain.webhook.WebhookId;
import java.util.Collection;
import java.util.Optional;

/// Replays, and the deliveries that they created. They are removed with their webhook, or by
/// retention.
public interface Replays {
  /// Adds a replay of an existing webhook.
  void add(Replay replay);

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
