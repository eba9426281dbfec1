package dev.runhook.application.delivery;

import dev.runhook.application.DeliveryFilter;
import dev.runhook.application.DeliveryScope;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.Replay;
import dev.runhook.domain.delivery.ReplayId;
import dev.runhook.domain.webhook.WebhookId;
import java.time.Instant;
import java.util.Optional;

/// Selects the deliveries of a webhook to redeliver.
///
/// @param from the earliest creation time, inclusive
/// @param to the latest creation time, exclusive; absent for now
/// @param status `DELIVERED` or `FAILED`
public record ReplayRequest(Instant from, Optional<Instant> to, Delivery.Status status) {
  public static final int MAX_DELIVERIES = 100_000;

  public ReplayRequest {
    if (status == Delivery.Status.PENDING) {
      throw new IllegalArgumentException(
          "only finished deliveries can be replayed: status must be DELIVERED or FAILED");
    }
    if (to.filter(end -> !from.isBefore(end)).isPresent()) {
      throw new IllegalArgumentException("from must be before to");
    }
  }

  Replay toReplay(ReplayId id, WebhookId webhook, int matched, Instant createdAt) {
    return new Replay(id, webhook, from, to, status, matched, createdAt);
  }

  DeliveryFilter toFilter(DeliveryScope scope) {
    DeliveryFilter filter = DeliveryFilter.of(scope).withStatus(status).withFrom(from);
    return to.map(filter::withTo).orElse(filter);
  }
}
