package dev.runhook.application.spi.delivery;

import dev.runhook.domain.event.Payload;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.Webhook;

/// A delivery that is leased to this process, with everything that an attempt needs.
public record LeasedDelivery(Lease lease, Webhook webhook, DeliveryContent content) {
  /// Returns the same delivery with what an attempt sends.
  public LeasedDelivery withPayload(Payload payload) {
    return new LeasedDelivery(lease, webhook, content.withPayload(payload));
  }

  /// Returns whether this is a probe: the webhook was paused when this delivery was leased.
  public boolean isProbe() {
    return webhook.health() instanceof Health.Paused;
  }

  /// Returns how many bytes it takes, which decides how many slots it needs.
  public long bytes() {
    return content.bytes();
  }
}
