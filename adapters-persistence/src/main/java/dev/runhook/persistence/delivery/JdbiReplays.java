package dev.runhook.persistence.delivery;

import dev.runhook.application.query.Page;
import dev.runhook.application.query.PageRequest;
import dev.runhook.application.query.ReplayProgress;
import dev.runhook.application.spi.delivery.Replays;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.delivery.Replay;
import dev.runhook.domain.delivery.Replay.Selection;
import dev.runhook.domain.delivery.ReplayId;
import dev.runhook.domain.run.RunState;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.persistence.jdbi.IdRange;
import dev.runhook.persistence.jdbi.SqlValues;
import dev.runhook.persistence.jdbi.TransactionScope;
import dev.runhook.persistence.jdbi.UnnestParameters;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// The tables `replay` and `replay_delivery`. Only pending, failed and canceled deliveries are
/// counted; the others of a replay are delivered.
public final class JdbiReplays implements Replays {
  private static final String SELECT =
      """
      select r.*,
        (select count(*) from runhook.replay_delivery c join runhook.delivery_queue o on o.id = c.delivery_id
         where c.replay_id = r.id and o.webhook_id = r.webhook_id) as pending,
        (select count(*) from runhook.replay_delivery c join runhook.delivery d on d.id = c.delivery_id
         where c.replay_id = r.id and d.webhook_id = r.webhook_id and d.status in ('FAILED', 'CANCELED') and d.id > r.id)
          as failed
      from runhook.replay r
      """;
  private static final String OF_WEBHOOK = SELECT + "where r.webhook_id = :webhook";

  private final TransactionScope transaction;

  public JdbiReplays(TransactionScope transaction) {
    this.transaction = transaction;
  }

  @Override
  public void add(Replay replay) {
    insert(replay, Optional.empty());
  }

  @Override
  public void add(Replay replay, ReplayId ofAccount) {
    insert(replay, Optional.of(ofAccount));
  }

  private void insert(Replay replay, Optional<ReplayId> ofAccount) {
    transaction
        .update(
            """
            insert into runhook.replay (id, webhook_id, range_from, range_to, status, run_name, state, matched, erased,
              created_at, account_replay_id)
            values (:id.value, :webhook.value, :lower::timestamptz, :upper::timestamptz, :selection.status,
              :selection.run, :selection.state, :matched, :erased, :createdAt, :ofAccount::uuid)
            """)
        .bindMethods(replay)
        .bind("lower", SqlValues.formatBound(replay.selection().from()))
        .bind("upper", replay.selection().to().map(SqlValues::formatBound).orElse(null))
        .bind("ofAccount", ofAccount.map(ReplayId::value).orElse(null))
        .execute();
  }

  @Override
  public boolean lockUnlessCanceled(ReplayId replay) {
    return transaction
        .query("select id from runhook.replay where id = :id and canceled_at is null for update")
        .bind("id", replay.value())
        .mapTo(UUID.class)
        .findOne()
        .isPresent();
  }

  @Override
  public void cancel(ReplayId replay) {
    transaction
        .update(
            "update runhook.replay set canceled_at = now() where id = :id and canceled_at is null")
        .bind("id", replay.value())
        .execute();
  }

  @Override
  public List<ReplayProgress> findOfAccount(
      AccountId account, StackScope scope, ReplayId ofAccount) {
    return UnnestParameters.bindScope(
            scope,
            transaction.query(
                SELECT
                    + """
                    join runhook.webhook w on w.id = r.webhook_id join runhook.stack s on s.id = w.stack_id
                    where r.account_replay_id = :id and s.account = :account
                      and (:allStacks or s.slug = any (:slugs))
                    order by r.id
                    """))
        .bind("id", ofAccount.value())
        .bind("account", account.name())
        .map((row, ignored) -> read(row))
        .list();
  }

  @Override
  public List<DeliveryId> findWaiting(ReplayId replay) {
    return transaction
        .query(
            """
            select q.id from runhook.replay_delivery c join runhook.delivery_queue q on q.id = c.delivery_id
            where c.replay_id = :id and q.leased_until is null
            order by q.due_at is not null, q.id
            """)
        .bind("id", replay.value())
        .map((row, ignored) -> new DeliveryId(row.getObject("id", UUID.class)))
        .list();
  }

  @Override
  public void addDeliveries(ReplayId replay, Collection<DeliveryId> deliveries) {
    UnnestParameters.of(deliveries)
        .uuids("ids", DeliveryId::value)
        .bindTo(
            transaction.update(
                "insert into runhook.replay_delivery (replay_id, delivery_id) select :replay, unnest(:ids)"))
        .bind("replay", replay.value())
        .execute();
    transaction
        .update("update runhook.replay set created = created + :added where id = :replay")
        .bind("replay", replay.value())
        .bind("added", deliveries.size())
        .execute();
  }

  @Override
  public void complete(ReplayId replay) {
    transaction
        .update("update runhook.replay set completed_at = now() where id = :id")
        .bind("id", replay.value())
        .execute();
  }

  @Override
  public Optional<ReplayProgress> find(WebhookId webhook, ReplayId id) {
    return transaction
        .query(OF_WEBHOOK + " and r.id = :id")
        .bind("webhook", webhook.value())
        .bind("id", id.value())
        .map((row, ignored) -> read(row))
        .findOne();
  }

  @Override
  public Page<ReplayProgress> list(WebhookId webhook, PageRequest page) {
    List<ReplayProgress> fetched =
        transaction
            .query(OF_WEBHOOK + " and r.id < :before order by r.id desc limit :limit")
            .bind("webhook", webhook.value())
            .bind("before", IdRange.upperBound(page))
            .bind("limit", page.limit() + 1)
            .map((row, ignored) -> read(row))
            .list();
    return Page.of(fetched, page, progress -> progress.replay().id().toString());
  }

  private static ReplayProgress read(ResultSet row) throws SQLException {
    Optional<Instant> completedAt = SqlValues.findInstant(row, "completed_at");
    Replay replay =
        new Replay(
            new ReplayId(row.getObject("id", UUID.class)),
            new WebhookId(row.getObject("webhook_id", UUID.class)),
            readSelection(row),
            row.getInt("matched"),
            row.getInt("erased"),
            SqlValues.instant(row, "created_at"));
    return new ReplayProgress(
        replay,
        completedAt,
        SqlValues.findInstant(row, "canceled_at"),
        row.getInt("created"),
        row.getInt("failed"),
        row.getInt("pending"));
  }

  private static Selection readSelection(ResultSet row) throws SQLException {
    return new Selection(
        SqlValues.instant(row, "range_from"),
        SqlValues.findInstant(row, "range_to"),
        Replay.Status.valueOf(row.getString("status")),
        Optional.ofNullable(row.getString("run_name")),
        Optional.ofNullable(row.getString("state")).map(RunState::valueOf));
  }
}
