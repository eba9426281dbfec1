package dev.runhook.testkit.memory;

import static java.util.Comparator.comparing;

import dev.runhook.application.spi.delivery.Deliveries.ClaimRequest;
import dev.runhook.application.spi.delivery.Room;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.webhook.DeliverySettings;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Selects due deliveries for a claim: the longest due of each webhook, then the second of each,
/// and so on as far as the slots allow.
record FairShare(
    InMemoryUnitOfWork unit, InMemoryDatabase database, Instant now, ClaimRequest claim) {
  List<DeliveryRow> rows() {
    List<DeliveryRow> claimed = new ArrayList<>();
    List<List<DeliveryRow>> queues = database.webhooks.values().stream().map(this::queue).toList();
    int rounds = queues.stream().mapToInt(List::size).max().orElse(0);
    Map<WebhookId, Integer> held = new HashMap<>(claim.heldByWebhook());
    Map<AccountId, Room> rooms = new HashMap<>(claim.rooms());
    int taken = 0;
    for (int round = 0; round < rounds; round++) {
      for (List<DeliveryRow> queue : queues) {
        if (round < queue.size() && taken < claim.slots()) {
          DeliveryRow row = queue.get(round);
          AccountId account = row.stack().account();
          boolean isProven = isProven(row);
          Room room = rooms.getOrDefault(account, claim.room());
          if (claim.limits().mayStart(room, isProven, held.getOrDefault(row.webhook(), 0))) {
            int slots = claim.limits().slotsFor(row.content().payload().length());
            claimed.add(row);
            taken += slots;
            held.merge(row.webhook(), slots, Integer::sum);
            rooms.put(account, room.without(isProven ? slots : 0, isProven ? 0 : slots));
          }
        }
      }
    }
    return claimed;
  }

  private boolean isProven(DeliveryRow row) {
    Webhook webhook = database.webhooks.get(row.webhook());
    return webhook != null && webhook.health().isProven();
  }

  private List<DeliveryRow> queue(Webhook webhook) {
    if (allowance(webhook) == 0 || (needsLock(webhook) && !unit.tryLock(webhook.id()))) {
      return List.of();
    }
    return database
        .openDeliveries()
        .filter(row -> row.webhook().equals(webhook.id()))
        .filter(row -> isClaimable(row.state(), webhook.health()) && unit.tryLock(row))
        .sorted(comparing(FairShare::due).thenComparing(row -> row.id().value()))
        .limit(allowance(webhook))
        .toList();
  }

  /// Only one transaction at a time sends a probe, or uses up a limited rate.
  private static boolean needsLock(Webhook webhook) {
    return webhook.health() instanceof Health.Paused
        || webhook.settings().delivery().interval().isPresent();
  }

  /// A probe does not wait for the delay of its delivery.
  private boolean isClaimable(DeliveryState state, Health health) {
    return state.isDue(now) || (health instanceof Health.Paused && state.waitsForRetry(now));
  }

  private static Instant due(DeliveryRow row) {
    return row.state().due().orElseThrow();
  }

  private long allowance(Webhook webhook) {
    return switch (webhook.health()) {
      case Health.Active ignored -> allowanceOfRate(webhook);
      case Health.Paused paused ->
          paused.nextProbeAt().isAfter(now)
                  || claim.heldByWebhook().containsKey(webhook.id())
                  || hasAttemptInFlight(webhook.id())
              ? 0
              : 1;
      case Health.Disabled ignored -> 0;
    };
  }

  private long allowanceOfRate(Webhook webhook) {
    if (database.nextSendOf(webhook).filter(now::isBefore).isPresent()) {
      return 0;
    }
    return webhook
        .settings()
        .delivery()
        .interval()
        .map(interval -> Math.max(1, DeliverySettings.BURST.dividedBy(interval)))
        .orElse(Long.MAX_VALUE);
  }

  private boolean hasAttemptInFlight(WebhookId webhook) {
    return database
        .openDeliveries()
        .anyMatch(row -> row.webhook().equals(webhook) && row.state().isLeased(now));
  }
}
