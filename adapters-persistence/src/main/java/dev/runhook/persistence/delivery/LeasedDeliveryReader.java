package dev.runhook.persistence.delivery;

import static dev.runhook.persistence.jdbi.SqlValues.define;

import dev.runhook.application.spi.delivery.DeliveryContent;
import dev.runhook.application.spi.delivery.Lease;
import dev.runhook.application.spi.delivery.LeasedDelivery;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.persistence.jdbi.SqlValues;
import dev.runhook.persistence.jdbi.TransactionScope;
import dev.runhook.persistence.jdbi.UnnestParameters;
import dev.runhook.persistence.secret.SecretCipher;
import dev.runhook.persistence.webhook.WebhookMapper;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jdbi.v3.core.statement.Query;

/// Reads deliveries that a statement has just leased.
final class LeasedDeliveryReader {
  private static final String HEADER_VALUES = "w.header_values as w_header_values";

  /// Only the first delivery of each webhook has its headers.
  private static final String FIRST_HEADER_VALUES =
      "case when q.round = 1 then w.header_values end as w_header_values";

  private static final String EVENTS =
      """
      select id, kind, run_name, state, state_version, trace_parent, trace_state, changes, payload
      from runhook.event where id = any (:ids) and payload is not null
      """;

  private final TransactionScope transaction;
  private final SecretCipher cipher;

  LeasedDeliveryReader(TransactionScope transaction, SecretCipher cipher) {
    this.transaction = transaction;
    this.cipher = cipher;
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
        + WebhookMapper.COLUMNS.transform(define(HEADER_VALUES, FIRST_HEADER_VALUES))
        + """
        from (
          select q.*, row_number() over (partition by q.webhook_id order by q.due_at, q.id) as round from FROM
        ) q
        join runhook.webhook w on w.id = q.webhook_id and w.deleted_at is null
        join runhook.stack s on s.id = w.stack_id
        order by q.round, q.due_at, q.id
        """
            .transform(define("FROM", from));
  }

  private record LeasedRow(
      Lease lease,
      WebhookId webhook,
      EventId event,
      Optional<Long> previousVersion,
      Optional<DeliveryId> redeliveryOf) {
    LeasedDelivery with(Map<WebhookId, Webhook> webhooks, DeliveryContent content) {
      return new LeasedDelivery(
          lease,
          Objects.requireNonNull(webhooks.get(webhook)),
          content.forDelivery(previousVersion, redeliveryOf));
    }
  }

  /// Executes a statement that leases deliveries and ends with [#select], and adds the content of
  /// their events. Further queries read the events, because joining the partitioned table makes
  /// planning slow. Keeps the order of the rows. Deliveries whose event or payload no longer exists
  /// are omitted; the claim that leases them ends them.
  List<LeasedDelivery> read(Query statement) {
    Map<WebhookId, Webhook> webhooks = new HashMap<>();
    List<LeasedRow> rows = statement.map((row, ignored) -> readRow(row, webhooks)).list();
    if (rows.isEmpty()) {
      return List.of();
    }
    Map<EventId, DeliveryContent> contents = findContents(transaction, events(rows));
    return rows.stream()
        .flatMap(row ->
            Stream.ofNullable(contents.get(row.event()))
                .map(content -> row.with(webhooks, content)))
        .toList();
  }

  /// Finds what first deliveries of these events send. Omits those that no longer exist or whose
  /// payload was erased.
  static Map<EventId, DeliveryContent> findContents(
      TransactionScope transaction, Collection<EventId> events) {
    return UnnestParameters.of(events)
        .uuids("ids", EventId::value)
        .bindTo(transaction.query(EVENTS))
        .map((row, ignored) -> DeliveryMapper.readContent(row))
        .collectToMap(DeliveryContent::event, Function.identity());
  }

  private static List<EventId> events(List<LeasedRow> rows) {
    return rows.stream().map(LeasedRow::event).distinct().toList();
  }

  /// @param webhooks gets the webhook of the row, once
  private LeasedRow readRow(ResultSet row, Map<WebhookId, Webhook> webhooks) throws SQLException {
    WebhookId webhook = new WebhookId(row.getObject("w_id", UUID.class));
    if (!webhooks.containsKey(webhook)) {
      webhooks.put(webhook, WebhookMapper.read(row, cipher));
    }
    DeliveryId delivery = new DeliveryId(row.getObject("q_id", UUID.class));
    return new LeasedRow(
        new Lease(delivery, row.getInt("q_attempts"), row.getInt("q_failures")),
        webhook,
        new EventId(row.getObject("q_event_id", UUID.class)),
        SqlValues.findLong(row, "q_previous_version"),
        Optional.ofNullable(row.getObject("q_redelivery_of", UUID.class)).map(DeliveryId::new));
  }
}
