package dev.runhook.persistence;

import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.event.Event;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.webhook.WebhookId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;

/// Deliveries as rows of `any_delivery`, joined with `stack` for `slug` and with `run` for
/// `run_name`.
final class DeliveryRows {
  private DeliveryRows() {}

  static Delivery read(ResultSet row, AccountId account) throws SQLException {
    Optional<Long> previous = Optional.ofNullable((Long) row.getObject("previous_version"));
    Delivery.Status status = Delivery.Status.valueOf(row.getString("status"));
    return new Delivery(
        new DeliveryId(row.getObject("id", UUID.class)),
        Keys.stackId(account.name(), row.getString("slug")),
        new WebhookId(row.getObject("webhook_id", UUID.class)),
        new EventId(row.getObject("event_id", UUID.class)),
        Event.Kind.valueOf(row.getString("kind")),
        Parcels.readMove(row, row.getString("run_name")).map(move -> move.after(previous)),
        status,
        row.getInt("attempts"),
        Moments.find(row, "next_attempt_at"),
        status == Delivery.Status.DELIVERED ? Moments.find(row, "finished_at") : Optional.empty(),
        Optional.ofNullable(row.getObject("redelivery_of", UUID.class)).map(DeliveryId::new));
  }
}
