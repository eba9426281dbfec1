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

/// Open deliveries that are past their time, or whose event is. Their lanes go on without them.
final class ExpiredDeliveries {
  /// How many are deleted at a time.
  static final int BATCH_SIZE = 1000;

  private final TransactionScope transactionScope;
  private final LaneHeads laneHeads;

  ExpiredDeliveries(Handle handle) {
    this.transactionScope = new TransactionScope(handle, () -> false, SecretCipher.none());
    this.laneHeads = new LaneHeads(transactionScope);
  }

  /// Deletes some of them; returns how many.
  int deleteBatch(LocalDate day) {
    List<DeliveryId> old =
        transactionScope
            .unpreparedQuery(
                "select id from runhook.delivery_queue where created_at < :day or event_id < :least::uuid order by id limit :some")
            .bind("day", day.atStartOfDay().atOffset(ZoneOffset.UTC))
            .bind("least", DailyPartition.lowerBound(day))
            .bind("some", BATCH_SIZE)
            .map((row, _) -> new DeliveryId(row.getObject("id", UUID.class)))
            .list();
    laneHeads.lock(old);
    Set<LaneKey> touched =
        delete(old).stream().flatMap(Optional::stream).collect(Collectors.toSet());
    laneHeads.promoteNext(touched, Optional.empty());
    return old.size();
  }

  private List<Optional<LaneKey>> delete(List<DeliveryId> old) {
    return UnnestParameters.of(old)
        .uuids("ids", DeliveryId::value)
        .bindTo(
            transactionScope.unpreparedQuery(
                "delete from runhook.delivery_queue where id = any (:ids) returning webhook_id, run_id"))
        .map((row, _) ->
            lane(row.getObject("webhook_id", UUID.class), row.getObject("run_id", UUID.class)))
        .list();
  }

  private static Optional<LaneKey> lane(UUID webhook, @Nullable UUID run) {
    return Optional.ofNullable(run).map(key -> new LaneKey(new WebhookId(webhook), key));
  }
}
