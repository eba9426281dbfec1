package dev.runhook.application.spi.delivery;

import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.run.RunId;
import dev.runhook.domain.webhook.Webhook;
import java.util.Optional;

/// A delivery to add.
///
/// @param leaseIfHead whether the caller can send the delivery immediately if it is the head of its
///   lane
public record NewDelivery(
    DeliveryId id, Webhook webhook, DeliveryContent content, boolean leaseIfHead) {
  /// Returns the run of the lane; empty if the delivery has no lane.
  public Optional<RunId> run() {
    return content.transition().map(ref -> new RunId(webhook.stack(), ref.run()));
  }

  /// Returns how many bytes it takes, which decides how many slots it needs.
  public long bytes() {
    return content.bytes();
  }

  /// Returns this delivery as leased for its first attempt.
  ///
  /// @param previousVersion the version of the run that the webhook was last notified of
  public LeasedDelivery toLeasedDelivery(Optional<Long> previousVersion) {
    return new LeasedDelivery(
        new Lease(id, 1, 0), webhook, content.forDelivery(previousVersion, content.redeliveryOf()));
  }
}
