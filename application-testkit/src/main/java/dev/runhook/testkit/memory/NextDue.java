package dev.runhook.testkit.memory;

import static java.util.Comparator.naturalOrder;

import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.Webhook;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Computes the time until more can be claimed.
record NextDue(InMemoryDatabase database, Instant now) {
  Optional<Duration> calculate() {
    return database.webhooks.values().stream()
        .flatMap(this::dueOf)
        .filter(now::isBefore)
        .min(naturalOrder())
        .map(due -> Duration.between(now, due));
  }

  private Stream<Instant> dueOf(Webhook webhook) {
    List<DeliveryState> open =
        database.deliveries.values().stream()
            .filter(row -> row.webhook().equals(webhook.id()) && row.isOpen())
            .map(DeliveryRow::state)
            .toList();
    Stream<Instant> due =
        open.stream().filter(state -> !state.isLeased(now)).flatMap(state -> state.due().stream());
    return switch (webhook.health()) {
      case Health.Active ignored -> {
        Optional<Instant> next = database.nextSendOf(webhook);
        yield due.map(at -> next.filter(at::isBefore).orElse(at));
      }
      case Health.Paused paused ->
          open.stream().anyMatch(state -> state.isLeased(now))
              ? Stream.empty()
              : due.map(ignored -> paused.nextProbeAt());
      case Health.Disabled ignored -> Stream.empty();
    };
  }
}
