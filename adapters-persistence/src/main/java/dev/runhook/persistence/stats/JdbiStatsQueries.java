package dev.runhook.persistence.stats;

import dev.runhook.application.query.DeliveryStats;
import dev.runhook.application.query.Page;
import dev.runhook.application.query.PageRequest;
import dev.runhook.application.query.StackFilter;
import dev.runhook.application.query.StackSummary;
import dev.runhook.application.query.StackSummary.LatestRun;
import dev.runhook.application.query.StackSummary.WebhookCounts;
import dev.runhook.application.query.WebhookActivity;
import dev.runhook.application.query.WebhookActivity.FirstAttempts;
import dev.runhook.application.spi.StatsQueries;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.persistence.delivery.RedeliveryCondition;
import dev.runhook.persistence.jdbi.IdRange;
import dev.runhook.persistence.jdbi.SqlValues;
import dev.runhook.persistence.jdbi.TransactionScope;
import dev.runhook.persistence.jdbi.UnnestParameters;
import dev.runhook.persistence.run.JdbiStacks;
import dev.runhook.persistence.webhook.WebhookMapper;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.mapper.reflect.ConstructorMapper;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.StatementContext;

/// The queries of the overview pages.
public final class JdbiStatsQueries implements StatsQueries {
  /// Bounds the cost if most failures were sent again. A failed delivery counts unless its event
  /// was sent again; then that redelivery counts if it fails too.
  private static final int MAX_EXAMINED = 10 * WebhookActivity.MAX_COUNTED;

  /// Reads one index entry for the latest run of each stack.
  private static final String STACKS =
      """
      select s.*, r.name as run_name, r.state as run_state, r.state_version as run_version,
             r.created_at as run_created_at, w.total, w.failing, w.paused, w.disabled, f.failed
      from (select * from runhook.stack
            where account = :account and slug > :after and (:allStacks or slug = any (:slugs))
              and (:search::text is null or exists (
                select from unnest(array[slug, name, description, repository] || labels) as t (searched)
                where position(:search in lower(searched)) > 0))
              and labels @> :labels
            order by slug limit :limit) s
      left join lateral (
        select name, state, state_version, created_at from runhook.run where stack_id = s.id
        order by created_at desc, id desc limit 1) r on true
      cross join lateral (
        select count(*) as total,
               count(*) filter (where health = 'ACTIVE' and consecutive_failures > 0) as failing,
               count(*) filter (where health = 'PAUSED') as paused,
               count(*) filter (where health = 'DISABLED') as disabled
        from runhook.webhook w where stack_id = s.id and deleted_at is null and <listed>) w
      cross join lateral (
        select count(*) as failed from (
          select from runhook.webhook h cross join lateral (
            select d.id, d.webhook_id, d.run_id, d.event_id, d.state_version from runhook.delivery d
            where d.id >= :since
              and (d.webhook_id, d.status, d.id) >= (h.id, 'FAILED', :since)
              and (d.webhook_id, d.status, d.id) < (h.id, 'FAILED', :high)
            order by d.webhook_id desc, d.status desc, d.id desc limit :maxExamined) d
          where h.stack_id = s.id and <notRedelivered> limit :maxCounted) d) f
      order by s.slug
      """
          .replace("<listed>", WebhookMapper.LISTED)
          .replace("<notRedelivered>", RedeliveryCondition.NOT_REDELIVERED);

  /// The ranges and orders of the queue make PostgreSQL use its indexes.
  private static final String ACTIVITY =
      """
      select w.id, w.last_failure_at,
        (select max(d.finished_at) from (
           select d.finished_at from runhook.delivery d
           where d.id >= :low and d.id < :high
             and (d.webhook_id, d.status, d.id) >= (w.id, 'DELIVERED', :low)
             and (d.webhook_id, d.status, d.id) < (w.id, 'DELIVERED', :high)
           order by d.webhook_id desc, d.status desc, d.id desc limit 25) d) as last_success_at,
        (select count(*) from (
           select from (
             select d.id, d.webhook_id, d.run_id, d.event_id, d.state_version from runhook.delivery d
             where d.id >= :since
               and (d.webhook_id, d.status, d.id) >= (w.id, 'FAILED', :since)
               and (d.webhook_id, d.status, d.id) < (w.id, 'FAILED', :high)
             order by d.webhook_id desc, d.status desc, d.id desc limit :maxExamined) d
           where <notRedelivered> limit :maxCounted) d) as failed,
        (select count(*) from (
          (select from runhook.queue_head q where q.webhook_id = w.id limit :maxCounted)
          union all
          (select from runhook.delivery_queue q
            where q.due_at is null and (q.webhook_id, q.id) >= (w.id, :low) and (q.webhook_id, q.id) < (w.id, :high)
            order by q.webhook_id, q.id limit :maxCounted)
          limit :maxCounted) q) as pending,
        r.total, r.failed_at_first
      from runhook.webhook w
      cross join lateral (
        select count(*) as total, count(*) filter (where n.failed) as failed_at_first from (
          select * from (
            (select d.id, d.attempts > 1 as failed from runhook.delivery d
              where d.id >= :recent
                and (d.webhook_id, d.status, d.id) >= (w.id, 'DELIVERED', :recent)
                and (d.webhook_id, d.status, d.id) < (w.id, 'DELIVERED', :high)
              order by d.webhook_id desc, d.status desc, d.id desc limit :maxRecent)
            union all
            (select d.id, true from runhook.delivery d
              where d.id >= :recent
                and (d.webhook_id, d.status, d.id) >= (w.id, 'FAILED', :recent)
                and (d.webhook_id, d.status, d.id) < (w.id, 'FAILED', :high)
              order by d.webhook_id desc, d.status desc, d.id desc limit :maxRecent)
            union all
            (select q.id, true from runhook.queue_head q
              where q.webhook_id = w.id and q.failures > 0 and q.id >= :recent
              order by q.id desc limit :maxRecent)) a
          order by a.id desc limit :maxRecent) n) r
      where w.id = any (:webhooks) and w.deleted_at is null
      """
          .replace("<notRedelivered>", RedeliveryCondition.NOT_REDELIVERED);

  private static final RowMapper<LatestRun> LATEST_RUN =
      ConstructorMapper.of(LatestRun.class, "run_");
  private static final RowMapper<WebhookCounts> WEBHOOK_COUNTS =
      ConstructorMapper.of(WebhookCounts.class);

  private final TransactionScope transaction;

  public JdbiStatsQueries(TransactionScope transaction) {
    this.transaction = transaction;
  }

  @Override
  public Page<StackSummary> stacks(
      AccountId account, StackScope scope, StackFilter filter, PageRequest page) {
    String after = page.after().map(cursor -> new StackId(account, cursor).slug()).orElse("");
    List<StackSummary> fetched =
        bindCounts(UnnestParameters.bindScope(scope, transaction.unpreparedQuery(STACKS)))
            .bind("account", account.name())
            .bind("after", after)
            .bind("search", filter.search().orElse(null))
            .bindArray("labels", String.class, filter.labels())
            .bind("limit", page.limit() + 1)
            .map(JdbiStatsQueries::summary)
            .list();
    return Page.of(fetched, page, summary -> summary.stack().id().slug());
  }

  @Override
  public Map<WebhookId, WebhookActivity> activity(Collection<WebhookId> webhooks) {
    return bindCounts(
            UnnestParameters.of(webhooks)
                .uuids("webhooks", WebhookId::value)
                .bindTo(transaction.unpreparedQuery(ACTIVITY)))
        .bind("low", IdRange.lowerBound(Optional.empty()))
        .bind("recent", IdRange.lowerBound(transaction.now().minus(FirstAttempts.PERIOD)))
        .bind("maxRecent", FirstAttempts.MAX)
        .map((row, ignored) ->
            Map.entry(
                new WebhookId(row.getObject("id", UUID.class)),
                new WebhookActivity(
                    SqlValues.findInstant(row, "last_success_at"),
                    SqlValues.findInstant(row, "last_failure_at"),
                    row.getInt("pending"),
                    row.getInt("failed"),
                    new FirstAttempts(row.getInt("total"), row.getInt("failed_at_first")))))
        .collectToMap(Map.Entry::getKey, Map.Entry::getValue);
  }

  @Override
  public DeliveryStats deliveryStats(WebhookId webhook, DeliveryStats.Window window, int max) {
    return new DeliveryStatsQuery(transaction, window).find(webhook, max);
  }

  private Query bindCounts(Query query) {
    Instant since = transaction.now().minus(WebhookActivity.FAILURES);
    return query
        .bind("since", IdRange.lowerBound(since))
        .bind("high", IdRange.upperBound(Optional.empty(), Optional.empty()))
        .bind("maxCounted", WebhookActivity.MAX_COUNTED)
        .bind("maxExamined", MAX_EXAMINED);
  }

  private static StackSummary summary(ResultSet row, StatementContext context) throws SQLException {
    Optional<LatestRun> latest =
        row.getString("run_name") == null
            ? Optional.empty()
            : Optional.of(LATEST_RUN.map(row, context));
    return new StackSummary(
        JdbiStacks.read(row), latest, WEBHOOK_COUNTS.map(row, context), row.getInt("failed"));
  }
}
