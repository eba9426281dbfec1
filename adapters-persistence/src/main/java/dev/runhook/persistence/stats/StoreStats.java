package dev.runhook.persistence.stats;

import dev.runhook.persistence.jdbi.BucketSchema;
import dev.runhook.persistence.jdbi.JdbiFactory;
import dev.runhook.persistence.jdbi.SqlErrors;
import dev.runhook.persistence.jdbi.TransactionScope;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.mapper.reflect.ConstructorMapper;

/// Statistics about a bucket for metrics. Only open deliveries and webhooks are counted, deliveries
/// up to a limit, so the cost grows with webhooks, and not with a backlog. For tables that only
/// grow, the size on disk is reported, which costs nothing per row. A query is canceled after a few
/// seconds, because long queries slow down the queue for everyone. Thread-safe.
public final class StoreStats {
  /// How many open deliveries of each state are counted.
  private static final int MAX_COUNTED = 10_000;

  /// The times are those of the next deliveries of each webhook. Usually, the oldest is one of
  /// them.
  private static final String OPEN =
      """
      with leased as materialized (
        select webhook_id, created_at, leased_until, case when leased_until > now() then 'IN_FLIGHT' else 'DUE' end as state
        from runhook.delivery_queue where leased_until is not null order by leased_until limit :max
      ), counted as (
        select webhook_id, state from leased
        union all
        select q.webhook_id, r.state
        from (values ('DUE', '-infinity', now()), ('SCHEDULED', now(), 'infinity')) as r (state, after, until)
        cross join unnest(array[false, true]) as a (attempted) cross join lateral (
          select q.webhook_id from runhook.delivery_queue q
          where (q.attempts > 0) = a.attempted and q.due_at > r.after and q.due_at <= r.until and q.leased_until is null
          order by q.due_at limit :max) q
        union all
        (select q.webhook_id, 'WAITING' from runhook.delivery_queue q
          where q.due_at is null order by q.webhook_id, q.id limit :max)
      ), of_webhook as (
        select webhook_id, null::timestamptz as created_at, null::timestamptz as due_since, state, count(*) as deliveries
        from counted group by webhook_id, state
        union all
        select webhook_id, created_at, case when leased_until <= now() then leased_until end, null, 0 from leased
        union all
        select w.id, q.created_at, case when greatest(q.due_at, w.next_send_at) <= now() then greatest(q.due_at, w.next_send_at) end,
          null, 0
        from runhook.webhook w cross join lateral (
          select q.created_at, q.due_at from runhook.delivery_queue q
          where q.webhook_id = w.id and q.due_at is not null and q.leased_until is null
          order by q.due_at limit 20) q
      )
      select lower(w.health) as health,
        coalesce(sum(deliveries) filter (where state = 'DUE'), 0) as due,
        coalesce(sum(deliveries) filter (where state = 'IN_FLIGHT'), 0) as in_flight,
        coalesce(sum(deliveries) filter (where state = 'SCHEDULED'), 0) as scheduled,
        coalesce(sum(deliveries) filter (where state = 'WAITING'), 0) as waiting,
        coalesce(extract(epoch from now() - min(o.created_at)), 0) as oldest_seconds,
        coalesce(extract(epoch from now() - min(o.due_since)), 0) as overdue_seconds
      from of_webhook o join runhook.webhook w on w.id = o.webhook_id and w.deleted_at is null
      group by w.health order by w.health
      """;

  private static final String WEBHOOKS =
      """
      select lower(health) as name, count(*) as value from runhook.webhook where deleted_at is null
      group by health order by health
      """;

  private static final String TABLE_SIZES =
      """
      select coalesce(parent.relname, c.relname)::text as name,
        sum(coalesce(pg_total_relation_size(c.oid), 0))::bigint as value
      from pg_class c
      left join pg_inherits i on i.inhrelid = c.oid
      left join pg_class parent on parent.oid = i.inhparent
      where c.relnamespace = 'runhook'::regnamespace and c.relkind = 'r'
      group by 1 order by 1
      """;

  private final Jdbi jdbi;

  public StoreStats(DataSource dataSource, BucketSchema schema) {
    this.jdbi = JdbiFactory.create(dataSource, schema);
  }

  /// @param open one entry for each health that has open deliveries
  /// @param webhooks the number of webhooks by health, in lower case
  public record Counts(List<OpenDeliveries> open, Map<String, Long> webhooks) {
    public Counts {
      open = List.copyOf(open);
      webhooks = Map.copyOf(webhooks);
    }

    /// Returns the counts of two buckets together.
    public Counts plus(Counts other) {
      Map<String, OpenDeliveries> byHealth = new TreeMap<>();
      Stream.of(open, other.open)
          .flatMap(List::stream)
          .forEach(each -> byHealth.merge(each.health(), each, OpenDeliveries::plus));
      return new Counts(List.copyOf(byHealth.values()), sum(webhooks, other.webhooks));
    }
  }

  /// Returns the sums of the values of both maps.
  public static Map<String, Long> sum(Map<String, Long> first, Map<String, Long> second) {
    Map<String, Long> sums = new HashMap<>(first);
    second.forEach((name, value) -> sums.merge(name, value, Long::sum));
    return sums;
  }

  /// The open deliveries of all webhooks with the same health. If there are more than 10,000 of one
  /// state, their numbers are too low.
  ///
  /// @param health in lower case
  /// @param due can be sent now
  /// @param inFlight leased by a dispatcher
  /// @param scheduled due later, usually for a retry
  /// @param waiting blocked by an earlier delivery of their lane
  /// @param oldestSeconds the age of the oldest delivery among the next of each webhook
  /// @param overdueSeconds how long the first due delivery has been due; 0 if none is due
  public record OpenDeliveries(
      String health,
      long due,
      long inFlight,
      long scheduled,
      long waiting,
      double oldestSeconds,
      double overdueSeconds) {
    private OpenDeliveries plus(OpenDeliveries other) {
      return new OpenDeliveries(
          health,
          due + other.due,
          inFlight + other.inFlight,
          scheduled + other.scheduled,
          waiting + other.waiting,
          Math.max(oldestSeconds, other.oldestSeconds),
          Math.max(overdueSeconds, other.overdueSeconds));
    }
  }

  public Counts count() {
    return inTransaction(handle ->
        new Counts(
            handle
                .createQuery(OPEN)
                .bind("max", MAX_COUNTED)
                .map(ConstructorMapper.of(OpenDeliveries.class))
                .list(),
            longsByName(handle, WEBHOOKS)));
  }

  /// The size on disk in bytes of each table, with all its partitions and indexes.
  public Map<String, Long> tableSizes() {
    return inTransaction(handle -> longsByName(handle, TABLE_SIZES));
  }

  private static Map<String, Long> longsByName(Handle handle, String sql) {
    return handle
        .createQuery(sql)
        .map((row, ignored) -> Map.entry(row.getString("name"), row.getLong("value")))
        .collectToMap(Map.Entry::getKey, Map.Entry::getValue);
  }

  private <T> T inTransaction(Function<Handle, T> work) {
    return SqlErrors.translating(
        "collecting store statistics",
        () ->
            jdbi.inTransaction(handle -> {
              handle.execute("set local statement_timeout = '5s'");
              new TransactionScope(handle, () -> false).readInOrder();
              return work.apply(handle);
            }));
  }
}
