package dev.runhook.persistence.delivery;

import dev.runhook.application.spi.Lease;
import dev.runhook.application.spi.LeasedDelivery;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.persistence.jdbi.TransactionScope;
import dev.runhook.persistence.secret.SecretCipher;
import dev.runhook.persistence.webhook.WebhookMapper;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jdbi.v3.core.statement.Query;

/// Executes a statement that leases deliveries, and adds the content of their events. Events are
/// read by a second query, because joining the partitioned table makes planning slow.
final class LeasedDeliveryReader {
  /// The columns of a leased delivery `q` with its webhook `w` and stack `s`.
  static final String COLUMNS =
      """
      q.id as q_id, q.event_id as q_event_id, q.attempts as q_attempts, q.failures as q_failures,
      q.previous_version as q_previous_version, q.redelivery_of as q_redelivery_of,
      """
          + WebhookMapper.COLUMNS;

  private final EventContents contents;
  private final SecretCipher cipher;

  LeasedDeliveryReader(TransactionScope transaction, SecretCipher cipher) {
    this.contents = new EventContents(transaction);
    this.cipher = cipher;
  }

  private record ClaimedRow(
      Lease lease,
      Webhook webhook,
      EventId event,
      Optional<Long> previousVersion,
      Optional<DeliveryId> redeliveryOf) {
    LeasedDelivery with(EventContents.Content content) {
      return new LeasedDelivery(
          lease, webhook, content.toDelivery(event, previousVersion, redeliveryOf));
    }
  }

  /// Keeps the order of the rows. Deliveries whose event no longer exists are omitted; they expire
  /// together with the events of that age.
  List<LeasedDelivery> read(Query statement) {
    List<ClaimedRow> rows = statement.map((row, _) -> read(row)).list();
    if (rows.isEmpty()) {
      return List.of();
    }
    Map<EventId, EventContents.Content> found =
        contents.find(rows.stream().map(ClaimedRow::event).distinct().toList());
    return rows.stream()
        .flatMap(row -> Stream.ofNullable(found.get(row.event())).map(row::with))
        .toList();
  }

  private ClaimedRow read(ResultSet row) throws SQLException {
    return new ClaimedRow(
        new Lease(
            new DeliveryId(row.getObject("q_id", UUID.class)),
            row.getInt("q_attempts"),
            row.getInt("q_failures")),
        WebhookMapper.read(row, cipher),
        new EventId(row.getObject("q_event_id", UUID.class)),
        Optional.ofNullable((Long) row.getObject("q_previous_version")),
        Optional.ofNullable(row.getObject("q_redelivery_of", UUID.class)).map(DeliveryId::new));
  }
}
