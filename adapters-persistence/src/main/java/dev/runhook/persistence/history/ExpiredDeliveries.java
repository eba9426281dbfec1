package dev.runhook.persistence.history;

import dev.runhook.application.spi.LaneKey;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.persistence.delivery.LaneHeads;
import dev.runhook.persistence.jdbi.TransactionScope;
import dev.runhook.persistence.jdbi.UnnestParameters;
import dev.runhook.persistence.secret.SecretCipher;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// Deletes open deliveries that are expired or whose event is. Their lanes continue without them.
final class ExpiredDeliveries {
  static final int BATCH_SIZE = 1000;

  private static final String FIND =
      """
      select id from runhook.delivery_queue
      where created_at < :day or event_id < :event
      order by id
      limit :limit
      """;

  private final TransactionScope transaction;
  private final LaneHeads laneHeads;

  ExpiredDeliveries(Handle handle) {
    this.transaction = new TransactionScope(handle, () -> false);
    this.laneHeads = new LaneHeads(transaction, SecretCipher.none());
  }

  /// Deletes up to [#BATCH_SIZE] deliveries that were created before that day. Returns their
  /// number.
  int deleteBatch(LocalDate day) {
    List<DeliveryId> expired =
        transaction
            .unpreparedQuery(FIND)
            .bind("day", day.atStartOfDay().atOffset(ZoneOffset.UTC))
            .bind("event", DailyPartition.lowerBound(day))
            .bind("limit", BATCH_SIZE)
            .map((row, _) -> new DeliveryId(row.getObject("id", UUID.class)))
            .list();
    laneHeads.lock(expired);
    Set<LaneKey> lanes =
        delete(expired).stream().flatMap(Optional::stream).collect(Collectors.toSet());
    laneHeads.promoteNext(lanes, Optional.empty());
    return expired.size();
  }

  private List<Optional<LaneKey>> delete(List<DeliveryId> deliveries) {
    return UnnestParameters.of(deliveries)
        .uuids("ids", DeliveryId::value)
        .bindTo(
            transaction.unpreparedQuery(
                "delete from runhook.delivery_queue where id = any (:ids) returning webhook_id, run_id"))
        .map((row, _) ->
            lane(row.getObject("webhook_id", UUID.class), row.getObject("run_id", UUID.class)))
        .list();
  }

  private static Optional<LaneKey> lane(UUID webhook, @Nullable UUID run) {
    return Optional.ofNullable(run).map(id -> new LaneKey(new WebhookId(webhook), id));
  }
}
