package dev.runhook.persistence.stats;

import static dev.runhook.persistence.jdbi.SqlValues.define;

import dev.runhook.application.query.DeliveryStats;
import dev.runhook.application.query.LaneSummary;
import dev.runhook.application.query.Page;
import dev.runhook.application.query.PageRequest;
import dev.runhook.application.query.SkipCount;
import dev.runhook.application.query.StackFilter;
import dev.runhook.application.query.StackSummary;
import dev.runhook.application.query.StackSummary.LatestRun;
import dev.runhook.application.spi.StatsQueries;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.assessment.Trend;
import dev.runhook.domain.assessment.WebhookActivity;
import dev.runhook.domain.assessment.WebhookActivity.FirstAttempts;
import dev.runhook.domain.assessment.WebhookActivity.RecentDeliveries;
import dev.runhook.domain.delivery.Delivery.Status;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.event.Event.RunStateChanged;
import dev.runhook.domain.event.EventId;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.text.Explanation.Code;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.persistence.delivery.RedeliveryCondition;
import dev.runhook.persistence.delivery.SummarizeLanes;
import dev.runhook.persistence.jdbi.IdRange;
import dev.runhook.persistence.jdbi.SqlValues;
import dev.runhook.persistence.jdbi.TransactionScope;
import dev.runhook.persistence.jdbi.UnnestParameters;
import dev.runhook.persistence.run.JdbiStacks;
import dev.runhook.persistence.run.PastTransitions;
import dev.runhook.persistence.webhook.WebhookMapper;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.mapper.reflect.ConstructorMapper;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.StatementContext;

/// The queries of the overview pages.
public final class JdbiStatsQueries implements StatsQueries {
  /// Bounds the cost if most failures were sent again. A failed delivery counts unless its event
  /// was sent again; then that redelivery counts if it fails too.
  private static final int MAX_EXAMINED = 10 * WebhookActivity.MAX_COUNTED;

  /// How far the clock of another process can be ahead. The partitions of later days are not read.
  private static final Duration MAX_CLOCK_SKEW = Duration.ofDays(1);

  /// Reads one index entry for the latest run of each stack.
  private static final String STACKS =
      """
      select s.*, r.name as run_name, r.state as run_state, r.state_version as run_version,
             r.created_at as run_created_at, f.failed
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
        select count(*) as failed from (
          select from runhook.webhook h cross join lateral (
            select d.id, d.webhook_id, d.run_id, d.event_id, d.state_version from runhook.delivery d
            where d.id >= :since and d.id < :high
              and (d.webhook_id, d.status, d.id) >= (h.id, 'FAILED', :since)
              and (d.webhook_id, d.status, d.id) < (h.id, 'FAILED', :high)
            order by d.webhook_id desc, d.status desc, d.id desc limit :maxExamined) d
          where h.stack_id = s.id and <notRedelivered> limit :maxCounted) d) f
      order by s.slug
      """
          .transform(define("<notRedelivered>", RedeliveryCondition.NOT_REDELIVERED));

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
             where d.id >= :since and d.id < :high
               and (d.webhook_id, d.status, d.id) >= (w.id, 'FAILED', :since)
               and (d.webhook_id, d.status, d.id) < (w.id, 'FAILED', :high)
             order by d.webhook_id desc, d.status desc, d.id desc limit :maxExamined) d
           where <notRedelivered> limit :maxCounted) d) as failed,
        least(:maxCounted, h.heads + l.waiting) as pending, least(h.oldest, l.oldest) as oldest, h.repeatedly_failed,
        r.total, r.failed_at_first, f.finished, f.delivered, f.delivered_at_first, f.millis[1] as median, f.millis[2] as p99
      from runhook.webhook w
      cross join lateral (
        select count(*) as heads, (array_agg(q.id order by q.id))[1] as oldest,
          count(*) filter (where q.failures > 1) as repeatedly_failed
        from (select q.id, q.failures from runhook.queue_head q where q.webhook_id = w.id limit :maxCounted) q) h
      cross join lateral (
        select count(*) as waiting, (array_agg(q.id order by q.id))[1] as oldest from (
          select q.id from runhook.delivery_queue q
          where q.due_at is null and (q.webhook_id, q.id) >= (w.id, :low) and (q.webhook_id, q.id) < (w.id, :high)
          order by q.webhook_id, q.id limit :maxCounted) q) l
      cross join lateral (
        select count(*) as finished, count(*) filter (where n.status = 'DELIVERED') as delivered,
          count(*) filter (where n.status = 'DELIVERED' and n.attempts = 1) as delivered_at_first,
          percentile_disc(array[0.5, 0.99]) within group (order by MILLIS)
            filter (where n.status = 'DELIVERED') as millis
        from (
          select * from (DELIVERED_SINCE union all FAILED_SINCE) a
          order by a.id desc limit :maxFinished) n) f
      cross join lateral (
        select count(*) as total, count(*) filter (where n.failed) as failed_at_first from (
          select * from (
            (select d.id, d.attempts > 1 as failed from DELIVERED_RECENTLY d)
            union all
            (select d.id, true from FAILED_RECENTLY d)
            union all
            (select q.id, true from runhook.queue_head q
              where q.webhook_id = w.id and q.failures > 0 and q.id >= :recent
              order by q.id desc limit :maxRecent)) a
          order by a.id desc limit :maxRecent) n) r
      where w.id = any (:webhooks) and w.deleted_at is null
      """
          .transform(define("<notRedelivered>", RedeliveryCondition.NOT_REDELIVERED))
          .transform(define("MILLIS", DeliveryStatsQuery.MILLIS))
          .transform(define("DELIVERED_SINCE", newest(Status.DELIVERED, "since", "maxFinished")))
          .transform(define("FAILED_SINCE", newest(Status.FAILED, "since", "maxFinished")))
          .transform(define("DELIVERED_RECENTLY", newest(Status.DELIVERED, "recent", "maxRecent")))
          .transform(define("FAILED_RECENTLY", newest(Status.FAILED, "recent", "maxRecent")));

  /// A delivery that was never attempted is in another part of the index. Those of paused webhooks
  /// are skipped, as far as the limit allows. A webhook with a rate is late only since its last
  /// slot, however long its deliveries have been due.
  private static final String STALLED =
      """
      select min(greatest(q.due_at, w.next_send_at)) as stalled_since from (
        (select q.due_at, q.webhook_id from runhook.delivery_queue q
          where q.due_at is not null and q.leased_until is null and (q.attempts > 0) = false and q.due_at <= now()
          order by q.due_at limit :maxExamined)
        union all
        (select q.due_at, q.webhook_id from runhook.delivery_queue q
          where q.due_at is not null and q.leased_until is null and (q.attempts > 0) = true and q.due_at <= now()
          order by q.due_at limit :maxExamined)) q
      join runhook.webhook w on w.id = q.webhook_id and w.health = 'ACTIVE' and w.deleted_at is null
        and (w.next_send_at is null or w.next_send_at <= now())
      join runhook.stack s on s.id = w.stack_id and s.account = :account
      where not exists (
        select from runhook.delivery_queue l
        join runhook.webhook w on w.id = l.webhook_id join runhook.stack s on s.id = w.stack_id
        where l.leased_until > now() and s.account = :account)
      """;

  private static final String WEBHOOKS_WITH =
      """
      select w.id from runhook.stack s join runhook.webhook w on w.stack_id = s.id
      where s.account = :account and (:allStacks or s.slug = any (:slugs)) and w.deleted_at is null and LISTED
        and (w.id::text = lower(:text) or position(lower(:text) in lower(w.endpoint)) > 0
          or position(lower(:text) in lower(w.settings ->> 'name')) > 0)
      order by w.id desc limit :limit
      """
          .transform(define("LISTED", WebhookMapper.LISTED));

  private static final int MAX_SKIPS = 100_000;
  private static final Duration SKIP_PERIOD = Duration.ofDays(7);

  /// The oldest event is that of the last skip that was examined.
  private static final String SKIPS =
      """
      select count(*) filter (where k.webhook_id = :webhook and k.reason = :reason) as count,
        count(*) as examined, (array_agg(k.event_id order by k.event_id))[1] as oldest
      from (
        select event_id, webhook_id, reason from runhook.skipped_delivery
        where event_id >= :since order by event_id desc limit :max) k
      """;

  private static final RowMapper<LatestRun> LATEST_RUN =
      ConstructorMapper.of(LatestRun.class, "run_");

  private final TransactionScope transaction;

  public JdbiStatsQueries(TransactionScope transaction) {
    this.transaction = transaction;
  }

  /// Returns a part of a statement: the newest finished deliveries of the webhook `w`.
  private static String newest(Status status, String from, String limit) {
    return """
    (select d.id, d.status, d.attempts, d.finished_at from runhook.delivery d
      where d.id >= :FROM and d.id < :high
        and (d.webhook_id, d.status, d.id) >= (w.id, 'STATUS', :FROM)
        and (d.webhook_id, d.status, d.id) < (w.id, 'STATUS', :high)
      order by d.webhook_id desc, d.status desc, d.id desc limit :LIMIT)
    """
        .transform(define("FROM", from))
        .transform(define("STATUS", status.name()))
        .transform(define("LIMIT", limit));
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
    Map<WebhookId, Trend> trends = TrendQuery.find(transaction, webhooks);
    Trend none = Trend.none(transaction.now());
    return bindCounts(
            UnnestParameters.of(webhooks)
                .uuids("webhooks", WebhookId::value)
                .bindTo(transaction.unpreparedQuery(ACTIVITY)))
        .bind("low", IdRange.lowerBound(Optional.empty()))
        .bind("recent", IdRange.lowerBound(transaction.now().minus(FirstAttempts.PERIOD)))
        .bind("maxRecent", FirstAttempts.MAX)
        .bind("maxFinished", RecentDeliveries.MAX)
        .map((row, ignored) -> {
          WebhookId webhook = new WebhookId(row.getObject("id", UUID.class));
          return Map.entry(webhook, activity(row, trends.getOrDefault(webhook, none)));
        })
        .collectToMap(Map.Entry::getKey, Map.Entry::getValue);
  }

  @Override
  public List<WebhookId> findWebhooks(AccountId account, StackScope scope, String text, int limit) {
    return UnnestParameters.bindScope(scope, transaction.unpreparedQuery(WEBHOOKS_WITH))
        .bind("account", account.name())
        .bind("text", text)
        .bind("limit", limit)
        .map((row, ignored) -> new WebhookId(row.getObject("id", UUID.class)))
        .list();
  }

  @Override
  public SkipCount countSkips(WebhookId webhook, Code reason) {
    Instant since = transaction.now().minus(SKIP_PERIOD);
    return transaction
        .unpreparedQuery(SKIPS)
        .bind("webhook", webhook.value())
        .bind("reason", reason.name())
        .bind("since", IdRange.lowerBound(since))
        .bind("max", MAX_SKIPS)
        .map((row, ignored) ->
            new SkipCount(
                row.getInt("count"),
                row.getInt("examined") < MAX_SKIPS
                    ? since
                    : new EventId(row.getObject("oldest", UUID.class)).createdAt()))
        .one();
  }

  @Override
  public int readTransitions(
      Collection<Stack> stacks, Instant from, int max, Consumer<RunStateChanged> consumer) {
    return PastTransitions.read(transaction, stacks, from, max, consumer);
  }

  @Override
  public Optional<Instant> stalledSince(AccountId account) {
    return transaction
        .unpreparedQuery(STALLED)
        .bind("account", account.name())
        .bind("maxExamined", MAX_EXAMINED)
        .map((row, ignored) -> SqlValues.findInstant(row, "stalled_since"))
        .one();
  }

  private WebhookActivity activity(ResultSet row, Trend trend) throws SQLException {
    return new WebhookActivity(
        transaction.now(),
        SqlValues.findInstant(row, "last_success_at"),
        SqlValues.findInstant(row, "last_failure_at"),
        row.getInt("pending"),
        Optional.ofNullable(row.getObject("oldest", UUID.class))
            .map(DeliveryId::new)
            .map(DeliveryId::createdAt),
        row.getInt("repeatedly_failed"),
        row.getInt("failed"),
        new FirstAttempts(row.getInt("total"), row.getInt("failed_at_first")),
        new RecentDeliveries(
            row.getInt("finished"),
            row.getInt("delivered"),
            row.getInt("delivered_at_first"),
            SqlValues.findMillis(row, "median"),
            SqlValues.findMillis(row, "p99")),
        trend);
  }

  @Override
  public DeliveryStats deliveryStats(WebhookId webhook, DeliveryStats.Window window, int max) {
    return new DeliveryStatsQuery(transaction, window).find(webhook, max);
  }

  @Override
  public DeliveryStats countDeliveries(
      AccountId account,
      StackScope scope,
      Optional<WebhookId> webhook,
      DeliveryStats.Window window,
      int max) {
    return new DeliveryStatsQuery(transaction, window).count(account, scope, webhook, max);
  }

  @Override
  public List<LaneSummary> summarizeLanes(StackId stack, Collection<String> runs) {
    return SummarizeLanes.of(transaction, stack, runs);
  }

  private Query bindCounts(Query query) {
    Instant now = transaction.now();
    return query
        .bind("since", IdRange.lowerBound(now.minus(WebhookActivity.PERIOD)))
        .bind("high", IdRange.lowerBound(now.plus(MAX_CLOCK_SKEW)))
        .bind("maxCounted", WebhookActivity.MAX_COUNTED)
        .bind("maxExamined", MAX_EXAMINED);
  }

  private static StackSummary summary(ResultSet row, StatementContext context) throws SQLException {
    Optional<LatestRun> latest =
        row.getString("run_name") == null
            ? Optional.empty()
            : Optional.of(LATEST_RUN.map(row, context));
    return new StackSummary(JdbiStacks.read(row), latest, row.getInt("failed"));
  }
}
