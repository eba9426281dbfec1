package dev.runhook.persistence;

import dev.runhook.application.DeliveryFilter;
import dev.runhook.application.Page;
import dev.runhook.application.PageRequest;
import dev.runhook.application.spi.DeliveryDetail;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.delivery.Attempt;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.event.Event;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.event.Payload;
import dev.runhook.domain.webhook.WebhookId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// Reads deliveries for people, open and finished ones as one.
final class Finding {
  private static final String LIST =
      """
      select d.*, r.name as run_name
      from runhook.any_delivery d left join runhook.run r on r.id = d.run_id
      where d.webhook_id = :webhook::uuid
        and (:status::text is null or d.status = :status)
        and (:state::text is null or d.state = :state)
        and (:run::text is null or r.name = :run)
        and (:from::timestamptz is null or d.created_at >= :from::timestamptz)
        and (:to::timestamptz is null or d.created_at < :to::timestamptz)
        and (:after::uuid is null or d.id < :after::uuid)
      order by d.id desc
      limit :limit
      """;

  private static final String FIND =
      "select d.*, r.name as run_name, e.payload, "
          + WebhookRows.COLUMNS
          + """
          from runhook.any_delivery d
          join runhook.webhook w on w.id = d.webhook_id
          join runhook.stack s on s.id = w.stack_id and s.account = :account
          join runhook.event e on e.id = d.event_id
          left join runhook.run r on r.id = d.run_id
          where d.id = :id::uuid
          """;

  /// The head of the lane in which a delivery waits for its turn.
  private static final String HEAD =
      """
      select d.*, r.name as run_name
      from runhook.queue q
      join runhook.any_delivery d on d.webhook_id = q.webhook_id and d.run_id = q.run_id and d.next_attempt_at is not null
      join runhook.run r on r.id = d.run_id
      where q.id = :id::uuid and q.due_at is null
      """;

  private final Session session;

  Finding(Session session) {
    this.session = session;
  }

  Page<Delivery> list(DeliveryFilter filter, PageRequest page) {
    List<Delivery> fetched =
        session
            .queueQuery(LIST)
            .bind("webhook", filter.webhook().value())
            .bind("status", filter.status().map(Enum::name).orElse(null))
            .bind("state", filter.state().map(Enum::name).orElse(null))
            .bind("run", filter.run().orElse(null))
            .bind("from", filter.from().map(Moments::text).orElse(null))
            .bind("to", filter.to().map(Moments::text).orElse(null))
            .bind("after", Rows.after(page).orElse(null))
            .bind("limit", page.limit() + 1)
            .map((row, _) -> read(row))
            .list();
    return Page.of(fetched, page, delivery -> delivery.id().toString());
  }

  Optional<DeliveryDetail> find(AccountId account, DeliveryId id) {
    return session
        .queueQuery(FIND)
        .bind("account", account.name())
        .bind("id", id.value())
        .map((row, _) ->
            new DeliveryDetail(
                read(row),
                WebhookRows.read(row),
                Payload.of(row.getBytes("payload")),
                List.of(),
                Optional.empty()))
        .findOne()
        .map(this::completed);
  }

  private DeliveryDetail completed(DeliveryDetail found) {
    DeliveryId id = found.delivery().id();
    return new DeliveryDetail(
        found.delivery(), found.webhook(), found.payload(), attempts(id), headBefore(id));
  }

  private Optional<Delivery> headBefore(DeliveryId id) {
    return session.queueQuery(HEAD).bind("id", id.value()).map((row, _) -> read(row)).findOne();
  }

  private List<Attempt> attempts(DeliveryId id) {
    return session
        .query("select * from runhook.attempt where delivery_id = :id::uuid order by number")
        .bind("id", id.value())
        .map((row, _) -> AttemptRows.read(row))
        .list();
  }

  private static Delivery read(ResultSet row) throws SQLException {
    Delivery.Status status = Delivery.Status.valueOf(row.getString("status"));
    return new Delivery(
        new DeliveryId(row.getObject("id", UUID.class)),
        new WebhookId(row.getObject("webhook_id", UUID.class)),
        new EventId(row.getObject("event_id", UUID.class)),
        Event.Kind.valueOf(row.getString("kind")),
        Parcels.readMove(row, row.getString("run_name")),
        status,
        row.getInt("attempts"),
        Moments.find(row, "next_attempt_at"),
        Moments.read(row, "created_at"),
        status == Delivery.Status.DELIVERED ? Moments.find(row, "finished_at") : Optional.empty(),
        Optional.ofNullable(row.getObject("redelivery_of", UUID.class)).map(DeliveryId::new));
  }
}
