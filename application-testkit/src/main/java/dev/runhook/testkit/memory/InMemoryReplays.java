package dev.runhook.testkit.memory;

import static java.util.Comparator.comparing;

import dev.runhook.application.query.Page;
import dev.runhook.application.query.PageRequest;
import dev.runhook.application.query.ReplayProgress;
import dev.runhook.application.spi.delivery.Replays;
import dev.runhook.domain.delivery.Delivery.Status;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.delivery.Replay;
import dev.runhook.domain.delivery.ReplayId;
import dev.runhook.domain.webhook.WebhookId;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

final class InMemoryReplays implements Replays {
  private final InMemoryUnitOfWork unit;

  InMemoryReplays(InMemoryUnitOfWork unit) {
    this.unit = unit;
  }

  record ReplayRow(Replay replay, List<DeliveryId> deliveries, Optional<Instant> completedAt) {}

  private Map<ReplayId, ReplayRow> rows() {
    return unit.database().replays;
  }

  private ReplayRow row(ReplayId id) {
    return Objects.requireNonNull(rows().get(id), "unknown replay");
  }

  @Override
  public void add(Replay replay) {
    rows().put(replay.id(), new ReplayRow(replay, List.of(), Optional.empty()));
  }

  @Override
  public void addDeliveries(ReplayId replay, Collection<DeliveryId> deliveries) {
    ReplayRow before = row(replay);
    List<DeliveryId> all =
        Stream.concat(before.deliveries().stream(), deliveries.stream()).toList();
    rows().put(replay, new ReplayRow(before.replay(), all, before.completedAt()));
  }

  @Override
  public void complete(ReplayId replay) {
    ReplayRow before = row(replay);
    rows()
        .put(replay, new ReplayRow(before.replay(), before.deliveries(), Optional.of(unit.now())));
  }

  @Override
  public Optional<ReplayProgress> find(WebhookId webhook, ReplayId id) {
    return Optional.ofNullable(rows().get(id))
        .filter(row -> row.replay().webhook().equals(webhook))
        .map(this::progress);
  }

  @Override
  public Page<ReplayProgress> list(WebhookId webhook, PageRequest page) {
    List<ReplayProgress> replays =
        rows().values().stream()
            .filter(row -> row.replay().webhook().equals(webhook))
            .map(this::progress)
            .sorted(comparing(InMemoryReplays::key).reversed())
            .toList();
    return KeysetPages.descending(replays, page, InMemoryReplays::key, UUID::fromString);
  }

  private static UUID key(ReplayProgress progress) {
    return progress.replay().id().value();
  }

  private ReplayProgress progress(ReplayRow row) {
    return new ReplayProgress(
        row.replay(),
        row.completedAt(),
        row.deliveries().size(),
        count(row, Status.FAILED),
        count(row, Status.PENDING));
  }

  private int count(ReplayRow row, Status status) {
    return (int)
        row.deliveries().stream()
            .flatMap(id -> Stream.ofNullable(unit.database().deliveries.get(id)))
            .filter(delivery -> delivery.status() == status)
            .count();
  }
}
