package dev.runhook.persistence.delivery;

import static dev.runhook.persistence.jdbi.SqlValues.define;

import dev.runhook.application.query.DeliveryFilter;
import dev.runhook.application.query.DeliveryScope;
import dev.runhook.application.query.Page;
import dev.runhook.application.query.PageRequest;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.StackScope;
import dev.runhook.domain.delivery.Delivery;
import dev.runhook.domain.delivery.Delivery.Status;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.webhook.WebhookId;
import dev.runhook.persistence.jdbi.BoundedSearch;
import dev.runhook.persistence.jdbi.BoundedSearch.Candidate;
import dev.runhook.persistence.jdbi.IdRange;
import dev.runhook.persistence.jdbi.TransactionScope;
import dev.runhook.persistence.jdbi.UnnestParameters;
import dev.runhook.persistence.webhook.WebhookMapper;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.SqlStatements;

/// Lists open and finished deliveries together, newest first.
///
/// No list reads many rows that it does not show. It merges the first rows of streams that an index
/// already has in order, one for each webhook and status. A list therefore costs as much with a
/// thousand deliveries as with millions. One statement reads all tables, because a delivery that
/// finishes in the meantime must appear exactly once. A filter by state or redelivery, or one that
/// depends on attempts, is a [BoundedSearch] of the streams whose status can match. Deliveries
/// without a run, such as those of operational events, have streams of their own: an index has them
/// under the id of their webhook.
final class ListDeliveries {
  private static final BoundedSearch SEARCH = new BoundedSearch(100, 10);

  private static final String WEBHOOKS =
      """
      with selected_webhook as (
        select w.id, w.stack_id
        from runhook.stack s join runhook.webhook w on w.stack_id = s.id
        where s.account = :scope.account.name and (:allStacks or s.slug = any (:slugs))
          and (:webhook::uuid is null or w.id = :webhook::uuid)
      )
      """;

  private static final String RUNS =
      """
      , selected_run as (
        select w.stack_id, r.id
        from (select distinct stack_id from selected_webhook) w
        cross join lateral (select r.id from runhook.run r where r.stack_id = w.stack_id and r.name = :run limit 1) r
      )
      """;

  private static final String SELECT_OPEN =
      """
      select q.id, q.webhook_id, q.run_id, q.event_id, q.kind, q.state, q.state_version, q.previous_version,
        'PENDING' as status, q.attempts, q.due_at as next_attempt_at, q.leased_until,
        null::timestamptz as finished_at, q.redelivery_of
      from runhook.delivery_queue q
      """;

  private static final String SELECT_HEADS =
      SELECT_OPEN.transform(define("delivery_queue", "queue_head"));

  private static final String SELECT_FINISHED =
      """
      select d.id, d.webhook_id, d.run_id, d.event_id, d.kind, d.state, d.state_version, d.previous_version,
        d.status, d.attempts, null::timestamptz as next_attempt_at, null::timestamptz as leased_until,
        d.finished_at, d.redelivery_of
      from runhook.delivery d
      """;

  /// Reads all heads, because only waiting deliveries are in an index by id.
  private static final String OPEN_OF_WEBHOOKS =
      """
      select o.* from selected_webhook w cross join lateral (
        SELECT_HEADS
        where q.webhook_id = w.id and q.id >= :lower and q.id < :upper
        order by q.id desc limit :size) o
      union all
      select o.* from selected_webhook w cross join lateral (
        SELECT_OPEN
        where q.due_at is null and q.id >= :lower and q.id < :upper
          and (q.webhook_id, q.id) >= (w.id, :lower) and (q.webhook_id, q.id) < (w.id, :upper)
        order by q.webhook_id desc, q.id desc limit :size) o
      """
          .transform(define("SELECT_HEADS\n", SELECT_HEADS))
          .transform(define("SELECT_OPEN\n", SELECT_OPEN));

  private static final String OPEN_OF_RUN =
      """
      select o.* from selected_webhook w join selected_run r on r.stack_id = w.stack_id cross join lateral (
        SELECT_OPEN
        where q.webhook_id = w.id and q.run_id = r.id and q.id >= :lower and q.id < :upper
        ) o
      """
          .transform(define("SELECT_OPEN\n", SELECT_OPEN));

  /// Reads all that are open, which are few unless the receiver is down for long.
  private static final String OPEN_WITHOUT_RUN =
      """
      select o.* from selected_webhook w cross join lateral (
        SELECT_OPEN
        where q.webhook_id = w.id and q.run_id is null and q.id >= :lower and q.id < :upper
        ) o
      """
          .transform(define("SELECT_OPEN\n", SELECT_OPEN));

  /// Columns that are equal within a stream are also part of its order. Otherwise PostgreSQL could
  /// take the order from the primary key, and read every row that it filters out.
  private static final String FINISHED_OF_WEBHOOKS =
      """
      select f.* from selected_webhook w cross join unnest(:statuses) as a (status) cross join lateral (
        SELECT_FINISHED
        where d.id >= :lower and d.id < :upper
          and (d.webhook_id, d.status, d.id) >= (w.id, a.status, :lower)
          and (d.webhook_id, d.status, d.id) < (w.id, a.status, :upper)
        order by d.webhook_id desc, d.status desc, d.id desc limit :size) f
      """
          .transform(define("SELECT_FINISHED\n", SELECT_FINISHED));

  private static final String FINISHED_OF_RUN =
      """
      select f.* from selected_run r cross join lateral (
        SELECT_FINISHED
        where d.id >= :lower and d.id < :upper
          and (coalesce(d.run_id, d.webhook_id), d.id) >= (r.id, :lower)
          and (coalesce(d.run_id, d.webhook_id), d.id) < (r.id, :upper)
          and d.webhook_id = any (array(select w.id from selected_webhook w)) and d.status = any (:statuses)
        order by coalesce(d.run_id, d.webhook_id) desc, d.id desc limit :size) f
      """
          .transform(define("SELECT_FINISHED\n", SELECT_FINISHED));

  private static final String FINISHED_WITHOUT_RUN =
      """
      select f.* from selected_webhook w cross join lateral (
        SELECT_FINISHED
        where d.id >= :lower and d.id < :upper
          and (coalesce(d.run_id, d.webhook_id), d.id) >= (w.id, :lower)
          and (coalesce(d.run_id, d.webhook_id), d.id) < (w.id, :upper)
          and d.run_id is null and d.status = any (:statuses)
        order by coalesce(d.run_id, d.webhook_id) desc, d.id desc limit :size) f
      """
          .transform(define("SELECT_FINISHED\n", SELECT_FINISHED));

  private static final String PAGE =
      "select "
          + DeliveryMapper.COLUMNS
          + WebhookMapper.HEALTH_COLUMNS
          + """
          from (
            select p.*, r.name as run_name
            from (
              select d.*, row_number() over (order by d.id desc) as position,
                coalesce(:state::text is null or d.state = :state, false) and (:kind::text is null or d.kind = :kind)
                  and (:redelivered::boolean is null or :redelivered <> (NOT_REDELIVERED))
                  and (not :dependsOnAttempts or coalesce((
                    select (:outcome::text is null or t.outcome = :outcome)
                      and (:statusCode::integer is null or t.status_code = :statusCode)
                    from runhook.all_attempts t
                    where t.delivery_id = d.id order by t.number desc limit 1), false)) as matches
              from (select * from (STREAMS) a order by a.id desc limit :size) d) p
            left join runhook.run r on r.id = p.run_id
            where p.matches or p.position = :size
            order by p.id desc limit :limit) d
          join runhook.webhook w on w.id = d.webhook_id join runhook.stack s on s.id = w.stack_id
          """
              .transform(define("NOT_REDELIVERED", RedeliveryCondition.NOT_REDELIVERED))
          + DeliveryMapper.RESULTS
          + "order by d.id desc";

  private final TransactionScope transaction;

  ListDeliveries(TransactionScope transaction) {
    this.transaction = transaction;
  }

  Page<Delivery> list(DeliveryFilter filter, PageRequest page) {
    Selection selection = Selection.of(filter.scope());
    if (filter.statuses().isEmpty() || (filter.excludesRuns() && selection.run().isPresent())) {
      return Page.empty();
    }
    String statement = statement(selection.run().isPresent(), filter);
    BoundedSearch search = examinesRows(filter) ? SEARCH : BoundedSearch.ofAll(page);
    return search.find(
        page,
        (after, size, limit) -> {
          Query query = transaction.unpreparedQuery(statement);
          // some parameters are used only by some of the statements
          query.getConfig(SqlStatements.class).setUnusedBindingAllowed(true);
          return UnnestParameters.bindScope(selection.stacks(), query)
              .bindMethods(filter)
              .bindArray("statuses", String.class, finishedStatuses(filter))
              .bind("webhook", selection.webhook().orElse(null))
              .bind("run", selection.run().orElse(null))
              .bind("lower", IdRange.lowerBound(filter.from()))
              .bind("upper", IdRange.upperBound(filter.to(), after.map(IdRange::parse)))
              .bind("size", size)
              .bind("limit", limit)
              .map((row, ignored) -> readCandidate(row, filter.scope().account()))
              .list();
        });
  }

  private static boolean examinesRows(DeliveryFilter filter) {
    return filter.dependsOnAttempts()
        || filter.state().isPresent()
        || filter.kind().isPresent()
        || filter.redelivered().isPresent();
  }

  private static Candidate<Delivery> readCandidate(ResultSet row, AccountId account)
      throws SQLException {
    Delivery delivery = DeliveryMapper.read(row, account);
    return new Candidate<>(
        delivery, delivery.id().toString(), row.getBoolean("matches"), row.getInt("position"));
  }

  /// A [DeliveryScope] as the parameters of the statement.
  private record Selection(StackScope stacks, Optional<UUID> webhook, Optional<String> run) {
    static Selection of(DeliveryScope scope) {
      return switch (scope) {
        case DeliveryScope.OfWebhook(var stack, var webhook, var run) ->
            new Selection(only(stack), Optional.of(webhook.value()), run);
        case DeliveryScope.OfRun(var run, var webhook) ->
            new Selection(
                only(run.stack()), webhook.map(WebhookId::value), Optional.of(run.name()));
        case DeliveryScope.OfAccount(var ignored, var stacks, var run, var webhook) ->
            new Selection(stacks, webhook.map(WebhookId::value), run);
      };
    }

    private static StackScope only(StackId stack) {
      return StackScope.of(stack.slug());
    }
  }

  private static String statement(boolean ofRun, DeliveryFilter filter) {
    List<String> streams = new ArrayList<>();
    if (filter.statuses().contains(Status.PENDING)) {
      streams.add(
          filter.excludesRuns() ? OPEN_WITHOUT_RUN : ofRun ? OPEN_OF_RUN : OPEN_OF_WEBHOOKS);
    }
    if (!finishedStatuses(filter).isEmpty()) {
      streams.add(
          filter.excludesRuns()
              ? FINISHED_WITHOUT_RUN
              : ofRun ? FINISHED_OF_RUN : FINISHED_OF_WEBHOOKS);
    }
    return WEBHOOKS
        + (ofRun ? RUNS : "")
        + PAGE.transform(define("STREAMS", String.join("union all\n", streams)));
  }

  static List<String> finishedStatuses(DeliveryFilter filter) {
    return filter.statuses().stream()
        .filter(status -> status != Status.PENDING)
        .map(Enum::name)
        .toList();
  }
}
