package dev.runhook.persistence.delivery;

import dev.runhook.application.spi.delivery.ByteLimits;
import dev.runhook.application.spi.delivery.DeliveryContent;
import dev.runhook.application.spi.delivery.Lease;
import dev.runhook.application.spi.delivery.LeasedDelivery;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.webhook.Health;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.persistence.delivery.FindContents.Found;
import dev.runhook.persistence.jdbi.TransactionScope;
import dev.runhook.persistence.jdbi.UnnestParameters;
import dev.runhook.persistence.secret.SecretCipher;
import dev.runhook.persistence.webhook.WebhookMapper;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jdbi.v3.core.statement.Query;

/// Reads deliveries that a statement has just leased, within limits of bytes. Custom headers and
/// payloads beyond the limits are not read, and the leases of their deliveries are released.
final class LeasedDeliveryReader {
  private static final String HEADER_VALUES = "w.header_values as w_header_values";

  /// Only the first delivery of each webhook has its headers, while those before it are within the
  /// limit.
  private static final String LIMITED_HEADER_VALUES =
      """
      case when q.round = 1 and coalesce(
          sum(case when q.round = 1 then (select sum(octet_length(h)) from unnest(w.header_values) h) end)
            over (order by q.round, q.due_at, q.id rows between unbounded preceding and 1 preceding), 0) < :bytes
        then w.header_values end as w_header_values\
      """;

  /// The delays of probes that were not made end now.
  private static final String RELEASE_PROBES =
      """
      update runhook.webhook w set next_probe_at = now() where w.id = any (:webhooks) and w.health = 'PAUSED'
      """;

  private final TransactionScope transaction;
  private final SecretCipher cipher;
  private final ByteLimits limits;

  LeasedDeliveryReader(TransactionScope transaction, SecretCipher cipher, ByteLimits limits) {
    this.transaction = transaction;
    this.cipher = cipher;
    this.limits = limits;
  }

  /// Returns the part of a statement that selects the leased deliveries, in rounds of one delivery
  /// of each webhook.
  ///
  /// @param from the rows of the queue, with the condition that selects them
  static String select(String from) {
    return """
    select q.id as q_id, q.event_id as q_event_id, q.attempts as q_attempts, q.failures as q_failures,
      q.previous_version as q_previous_version, q.redelivery_of as q_redelivery_of,
    """
        + WebhookMapper.COLUMNS.replace(HEADER_VALUES, LIMITED_HEADER_VALUES)
        + """
        from (
          select q.*, row_number() over (partition by q.webhook_id order by q.due_at, q.id) as round from FROM
        ) q
        join runhook.webhook w on w.id = q.webhook_id and w.deleted_at is null
        join runhook.stack s on s.id = w.stack_id
        order by q.round, q.due_at, q.id
        """
            .replace("FROM", from);
  }

  private record LeasedRow(
      Lease lease,
      WebhookId webhook,
      EventId event,
      Optional<Long> previousVersion,
      Optional<DeliveryId> redeliveryOf) {
    LeasedDelivery with(Webhook loaded, DeliveryContent content) {
      return new LeasedDelivery(lease, loaded, content.forDelivery(previousVersion, redeliveryOf));
    }
  }

  /// Executes a statement that leases deliveries and ends with [#select], and adds the content of
  /// their events. Further queries read the events, because joining the partitioned table makes
  /// planning slow. Keeps the order of the rows. Deliveries whose event no longer exists are
  /// omitted; they expire together with the events of that age.
  List<LeasedDelivery> read(Query statement) {
    Map<WebhookId, Optional<Webhook>> webhooks = new HashMap<>();
    List<LeasedRow> rows =
        statement
            .bind("bytes", limits.total())
            .map((row, ignored) -> readRow(row, webhooks))
            .list();
    if (rows.isEmpty()) {
      return List.of();
    }
    Map<EventId, Found> found =
        new FindContents(transaction).find(events(rows), limits.total() / rows.size());
    ByteLimits.Count count = limits.startCount();
    List<LeasedRow> fitting = new ArrayList<>();
    List<LeasedRow> others = new ArrayList<>();
    for (LeasedRow row : rows) {
      Found content = found.get(row.event());
      if (content != null) {
        boolean fits =
            find(webhooks, row)
                .filter(webhook -> count.add(webhook, content.bytes(webhook)))
                .isPresent();
        (fits ? fitting : others).add(row);
      }
    }
    if (!others.isEmpty()) {
      release(others, webhooks);
    }
    Map<EventId, DeliveryContent> contents = loadContents(fitting, found);
    return fitting.stream()
        .flatMap(row ->
            Stream.ofNullable(contents.get(row.event()))
                .map(content -> row.with(find(webhooks, row).orElseThrow(), content)))
        .toList();
  }

  private static List<EventId> events(List<LeasedRow> rows) {
    return rows.stream().map(LeasedRow::event).distinct().toList();
  }

  private static Optional<Webhook> find(Map<WebhookId, Optional<Webhook>> webhooks, LeasedRow row) {
    return webhooks.getOrDefault(row.webhook(), Optional.empty());
  }

  /// @param webhooks gets the webhook of the row, once; empty if its headers are beyond the limit
  private LeasedRow readRow(ResultSet row, Map<WebhookId, Optional<Webhook>> webhooks)
      throws SQLException {
    WebhookId webhook = new WebhookId(row.getObject("w_id", UUID.class));
    if (!webhooks.containsKey(webhook)) {
      boolean hasHeaders = row.getArray("w_header_values") != null;
      webhooks.put(
          webhook, hasHeaders ? Optional.of(WebhookMapper.read(row, cipher)) : Optional.empty());
    }
    DeliveryId delivery = new DeliveryId(row.getObject("q_id", UUID.class));
    return new LeasedRow(
        new Lease(delivery, row.getInt("q_attempts"), row.getInt("q_failures")),
        webhook,
        new EventId(row.getObject("q_event_id", UUID.class)),
        Optional.ofNullable((Long) row.getObject("q_previous_version")),
        Optional.ofNullable(row.getObject("q_redelivery_of", UUID.class)).map(DeliveryId::new));
  }

  private void release(List<LeasedRow> rows, Map<WebhookId, Optional<Webhook>> webhooks) {
    new ReleaseLeases(transaction).release(rows.stream().map(LeasedRow::lease).toList());
    List<LeasedRow> probes =
        rows.stream()
            .filter(row ->
                find(webhooks, row)
                    .map(webhook -> webhook.health() instanceof Health.Paused)
                    .orElse(true))
            .toList();
    if (!probes.isEmpty()) {
      UnnestParameters.of(probes)
          .uuids("webhooks", row -> row.webhook().value())
          .bindTo(transaction.unpreparedUpdate(RELEASE_PROBES))
          .execute();
    }
  }

  private Map<EventId, DeliveryContent> loadContents(
      List<LeasedRow> rows, Map<EventId, Found> found) {
    Map<EventId, DeliveryContent> contents = new HashMap<>();
    List<EventId> missing = new ArrayList<>();
    for (EventId event : events(rows)) {
      Found content = Objects.requireNonNull(found.get(event));
      if (content.isLoaded()) {
        contents.put(event, content.content());
      } else {
        missing.add(event);
      }
    }
    if (!missing.isEmpty()) {
      new FindContents(transaction)
          .find(missing, Long.MAX_VALUE)
          .forEach((event, content) -> contents.put(event, content.content()));
    }
    return contents;
  }
}
