package dev.runhook.testkit.memory;

import static java.util.Comparator.naturalOrder;

import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.Webhook;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// How long until time alone makes something due.
record NextDue(InMemoryDatabase tables, Instant now) {
  Optional<Duration> untilNextDue() {
    return tables.webhooks.values().stream()
        .flatMap(this::dueOf)
        .min(naturalOrder())
        .map(due -> due.isBefore(now) ? Duration.ZERO : Duration.between(now, due));
  }

  private Stream<Instant> dueOf(Webhook webhook) {
    List<DeliveryState> open =
        tables.deliveries.values().stream()
            .filter(row -> row.webhook().equals(webhook.id()) && row.isOpen())
            .map(DeliveryRow::state)
            .filter(deliveryState -> deliveryState.due().isPresent())
            .toList();
    List<Instant> leaseEnds =
        open.stream()
            .filter(standing -> standing.isLeased(now))
            .flatMap(it -> it.due().stream())
            .toList();
    Stream<Instant> due = open.stream().flatMap(standing -> standing.due().stream());
    return switch (webhook.health()) {
      case Health.Active _ -> due;
      case Health.Paused paused ->
          leaseEnds.isEmpty() ? due.map(it -> later(it, paused.nextProbeAt())) : leaseEnds.stream();
      case Health.Disabled _ -> Stream.empty();
    };
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }
}
