package dev.runhook.persistence.delivery;

import dev.runhook.application.query.DeliveryFilter;
import dev.runhook.application.query.DeliveryScope;
import dev.runhook.application.spi.delivery.Deliveries.LaneKey;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.persistence.jdbi.IdRange;
import dev.runhook.persistence.jdbi.TransactionScope;
import dev.runhook.persistence.queue.EndOpenDeliveries;
import dev.runhook.persistence.queue.LaneLocks;
import dev.runhook.persistence.queue.OperationalLanes;
import dev.runhook.persistence.queue.QueueRow;
import dev.runhook.persistence.secret.SecretCipher;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/// Finds and cancels open deliveries without an attempt in flight.
final class CancelDeliveries {
  /// Heads and waiting deliveries have an index each.
  private static final String FIND =
      """
      select a.id from (
        select q.id, q.state, q.run_id from runhook.delivery_queue q
        where q.webhook_id = :webhook and q.due_at is not null and q.leased_until is null
        union all
        select q.id, q.state, q.run_id from runhook.delivery_queue q
        where q.webhook_id = :webhook and q.due_at is null and q.id >= :lower and q.id < :upper) a
      where a.id >= :lower and a.id < :upper and (:state::text is null or a.state = :state)
        and (:run::text is null or a.run_id in (
          select r.id from runhook.run r join runhook.webhook w on w.stack_id = r.stack_id
          where w.id = :webhook and r.name = :run))
      order by a.id desc limit :limit
      """;

  private final TransactionScope transaction;
  private final SecretCipher cipher;

  CancelDeliveries(TransactionScope transaction, SecretCipher cipher) {
    this.transaction = transaction;
    this.cipher = cipher;
  }

  List<DeliveryId> findWaiting(DeliveryFilter filter, Optional<DeliveryId> before, int limit) {
    if (!(filter.scope() instanceof DeliveryScope.OfWebhook(var ignored, var webhook, var run))) {
      throw new IllegalArgumentException("the filter names no webhook");
    }
    return transaction
        .unpreparedQuery(FIND)
        .bind("webhook", webhook.value())
        .bind("run", run.orElse(null))
        .bind("state", filter.state().map(Enum::name).orElse(null))
        .bind("lower", IdRange.lowerBound(filter.from()))
        .bind("upper", IdRange.upperBound(filter.to(), before.map(DeliveryId::value)))
        .bind("limit", limit)
        .mapTo(UUID.class)
        .map(DeliveryId::new)
        .list();
  }

  Set<DeliveryId> cancel(Collection<DeliveryId> deliveries, String by, String reason) {
    List<UUID> ids = deliveries.stream().map(DeliveryId::value).toList();
    new LaneLocks(transaction).lock(ids);
    new OperationalLanes(transaction).lock(ids);
    List<QueueRow> canceled = new EndOpenDeliveries(transaction).cancel(ids, by, reason);
    Set<LaneKey> lanes =
        canceled.stream().flatMap(row -> row.lane().stream()).collect(Collectors.toSet());
    new LaneHeads(transaction, cipher).promoteNext(lanes, Set.of(), Duration.ZERO);
    return canceled.stream().map(row -> new DeliveryId(row.id())).collect(Collectors.toSet());
  }
}
