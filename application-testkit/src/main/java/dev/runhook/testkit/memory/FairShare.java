package dev.runhook.testkit.memory;

import static java.util.Comparator.comparing;

import dev.runhook.application.spi.delivery.Deliveries.ClaimRequest;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Selects due deliveries for a claim: the longest due of each webhook, then the second of each,
/// and so on up to the limits.
record FairShare(InMemoryDatabase database, Instant now, ClaimRequest claim) {
  List<DeliveryRow> rows() {
    List<DeliveryRow> claimed = new ArrayList<>();
    List<List<DeliveryRow>> queues = database.webhooks.values().stream().map(this::queue).toList();
    long failing = 0;
    for (int round = 0; round < claim.limitPerWebhook(); round++) {
      for (List<DeliveryRow> queue : queues) {
        boolean hasRoom = round < queue.size() && claimed.size() < claim.limit();
        boolean isFailing = hasRoom && isFailing(queue.get(round));
        if (hasRoom && !(isFailing && failing == claim.limitOfFailing())) {
          claimed.add(queue.get(round));
          failing += isFailing ? 1 : 0;
        }
      }
    }
    return claimed;
  }

  private boolean isFailing(DeliveryRow row) {
    Webhook webhook = database.webhooks.get(row.webhook());
    return webhook != null && webhook.health().isFailing();
  }

  private List<DeliveryRow> queue(Webhook webhook) {
    return database.deliveries.values().stream()
        .filter(row -> row.webhook().equals(webhook.id()) && row.isOpen())
        .filter(row -> isClaimable(row.state(), webhook.health()))
        .sorted(comparing(FairShare::due).thenComparing(row -> row.id().value()))
        .limit(allowance(webhook))
        .toList();
  }

  /// A probe does not wait for the delay of its delivery.
  private boolean isClaimable(DeliveryState state, Health health) {
    return state.isDue(now) || (health instanceof Health.Paused && state.waitsForRetry(now));
  }

  private static Instant due(DeliveryRow row) {
    return row.state().due().orElseThrow();
  }

  private int allowance(Webhook webhook) {
    int room =
        Math.max(
            0,
            claim.limitPerWebhook()
                - Optional.ofNullable(claim.heldByWebhook().get(webhook.id())).orElse(0));
    return switch (webhook.health()) {
      case Health.Active ignored -> room;
      case Health.Paused paused ->
          paused.nextProbeAt().isAfter(now) || hasAttemptInFlight(webhook.id())
              ? 0
              : Math.min(1, room);
      case Health.Disabled ignored -> 0;
    };
  }

  private boolean hasAttemptInFlight(WebhookId webhook) {
    return database.deliveries.values().stream()
        .anyMatch(
            row -> row.webhook().equals(webhook) && row.isOpen() && row.state().isLeased(now));
  }
}
