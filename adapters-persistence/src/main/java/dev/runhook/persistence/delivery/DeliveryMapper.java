package dev.runhook.persistence.delivery;

import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.event.Event;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.persistence.jdbi.RowIds;
import dev.runhook.persistence.jdbi.Timestamps;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.statement.Query;

/// Reads deliveries from rows of `all_deliveries`, joined with `stack` for `slug` and with `run`
/// for `run_name`.
final class DeliveryMapper {
  private DeliveryMapper() {}

  static Delivery read(ResultSet row, AccountId account) throws SQLException {
    Optional<Long> previousVersion = Optional.ofNullable((Long) row.getObject("previous_version"));
    Delivery.Status status = Delivery.Status.valueOf(row.getString("status"));
    return new Delivery(
        new DeliveryId(row.getObject("id", UUID.class)),
        RowIds.stackId(account.name(), row.getString("slug")),
        new WebhookId(row.getObject("webhook_id", UUID.class)),
        new EventId(row.getObject("event_id", UUID.class)),
        Event.Kind.valueOf(row.getString("kind")),
        EventContents.readTransition(row).map(ref -> ref.withPreviousVersion(previousVersion)),
        status,
        row.getInt("attempts"),
        Timestamps.find(row, "next_attempt_at"),
        status == Delivery.Status.DELIVERED
            ? Timestamps.find(row, "finished_at")
            : Optional.empty(),
        Optional.ofNullable(row.getObject("redelivery_of", UUID.class)).map(DeliveryId::new));
  }

  /// Reads `previous_version` by `id`.
  static Map<DeliveryId, Optional<Long>> readPreviousVersions(Query query) {
    return query
        .map((row, _) ->
            Map.entry(
                new DeliveryId(row.getObject("id", UUID.class)),
                Optional.ofNullable((Long) row.getObject("previous_version"))))
        .collectToMap(Map.Entry::getKey, Map.Entry::getValue);
  }
}
