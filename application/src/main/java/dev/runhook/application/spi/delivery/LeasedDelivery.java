package dev.runhook.application.spi.delivery;

import dev.runhook.domain.event.Format;
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

  /// Returns the size of its payload and of its webhook's custom headers, which stay in memory
  /// until the attempt is completed. A payload or headers that several deliveries share count for
  /// each. A payload that will be rendered counts twice.
  public long bytes() {
    return bytes(webhook, content.payload().length());
  }

  public static long bytes(Webhook webhook, int payloadLength) {
    long copies = webhook.settings().delivery().format() == Format.RUNHOOK ? 1 : 2;
    return copies * payloadLength + webhook.settings().headers().length();
  }
}
