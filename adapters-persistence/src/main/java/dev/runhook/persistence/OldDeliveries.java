package dev.runhook.persistence;

import dev.runhook.application.spi.LaneKey;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.webhook.WebhookId;
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
final class OldDeliveries {
  /// How many are deleted at a time.
  static final int SOME = 1000;

  private final Session session;
  private final Lanes lanes;

  OldDeliveries(Handle handle) {
    this.session = new Session(handle, () -> false, SecretCipher.none());
    this.lanes = new Lanes(session);
  }

  /// Deletes some of them; returns how many.
  int deleteSome(LocalDate day) {
    List<DeliveryId> old =
        session
            .queueQuery(
                "select id from runhook.queue where created_at < :day or event_id < :least::uuid order by id limit :some")
            .bind("day", day.atStartOfDay().atOffset(ZoneOffset.UTC))
            .bind("least", DayPart.least(day))
            .bind("some", SOME)
            .map((row, _) -> new DeliveryId(row.getObject("id", UUID.class)))
            .list();
    lanes.lock(old);
    Set<LaneKey> touched =
        delete(old).stream().flatMap(Optional::stream).collect(Collectors.toSet());
    lanes.freeNext(touched, Optional.empty());
    return old.size();
  }

  private List<Optional<LaneKey>> delete(List<DeliveryId> old) {
    return Columns.of(old)
        .uuids("ids", DeliveryId::value)
        .bindTo(
            session.queueQuery(
                "delete from runhook.queue where id = any (:ids) returning webhook_id, run_id"))
        .map((row, _) ->
            lane(row.getObject("webhook_id", UUID.class), row.getObject("run_id", UUID.class)))
        .list();
  }

  private static Optional<LaneKey> lane(UUID webhook, @Nullable UUID run) {
    return Optional.ofNullable(run).map(key -> new LaneKey(new WebhookId(webhook), key));
  }
}
