package dev.runhook.persistence.stats;

import dev.runhook.persistence.jdbi.JdbiConfig;
import dev.runhook.persistence.jdbi.SqlErrors;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/// Counts what the store holds, for those who watch over it. Only the open deliveries and the
/// webhooks are counted; what only grows is asked for its size on disk, which costs nothing per
/// row. A count that takes longer than some seconds is given up, for a long look at the queue makes
/// it dear for all others. Thread-safe.
public final class StoreStats {
  private static final String BOUND = "set local statement_timeout = '5s'";

  private final Jdbi jdbi;

  public StoreStats(DataSource dataSource) {
    this.jdbi = JdbiConfig.create(dataSource);
  }

  /// What is open and for whom.
  ///
  /// @param webhooks how many there are in each health, in lower case
  public record Counts(List<OpenDeliveries> open, Map<String, Long> webhooks) {
    public Counts {
      open = List.copyOf(open);
      webhooks = Map.copyOf(webhooks);
    }
  }

  /// The open deliveries of all webhooks in one health.
  ///
  /// @param health in lower case
  /// @param due could be sent now
  /// @param underWay being sent
  /// @param scheduled to be tried again later
  /// @param waiting behind an earlier one of their run
  /// @param oldestSeconds how long ago the oldest of them was recorded
  /// @param overdueSeconds for how long the one that is due the longest has been so; 0 for none
  public record OpenDeliveries(
      String health,
      long due,
      long inFlight,
      long scheduled,
      long waiting,
      double oldestSeconds,
      double overdueSeconds) {}

  public Counts count() {
    return looking(handle -> new Counts(open(handle), webhooks(handle)));
  }

  /// The bytes on disk of each table with all its parts and indexes.
  public Map<String, Long> tableSizes() {
    return looking(handle -> {
      Map<String, Long> sizes = new TreeMap<>();
      handle
          .createQuery(
              """
              select coalesce(whole.relname, c.relname)::text as name, sum(coalesce(pg_total_relation_size(c.oid), 0))::bigint as bytes
              from pg_class c
              left join pg_inherits i on i.inhrelid = c.oid
              left join pg_class whole on whole.oid = i.inhparent
              where c.relnamespace = 'runhook'::regnamespace and c.relkind = 'r'
              group by 1 order by 1
              """)
          .map((row, _) -> Map.entry(row.getString("name"), row.getLong("bytes")))
          .forEach(table -> sizes.put(table.getKey(), table.getValue()));
      return sizes;
    });
  }

  private static List<OpenDeliveries> open(Handle handle) {
    return handle
        .createQuery(
            """
            select w.health,
              count(*) filter (where q.due_at <= now() and coalesce(q.leased_until <= now(), true)) as due,
              count(*) filter (where q.leased_until > now()) as under_way,
              count(*) filter (where q.due_at > now() and coalesce(q.leased_until <= now(), true)) as scheduled,
              count(*) filter (where q.due_at is null) as waiting,
              extract(epoch from now() - min(q.created_at)) as oldest,
              coalesce(extract(epoch from now() - min(q.due_at) filter (where q.due_at <= now() and coalesce(q.leased_until <= now(), true))), 0) as overdue
            from runhook.delivery_queue q join runhook.webhook w on w.id = q.webhook_id
            group by w.health order by w.health
            """)
        .map((row, _) -> openDeliveries(row))
        .list();
  }

  private static OpenDeliveries openDeliveries(ResultSet row) throws SQLException {
    return new OpenDeliveries(
        health(row),
        row.getLong("due"),
        row.getLong("under_way"),
        row.getLong("scheduled"),
        row.getLong("waiting"),
        row.getDouble("oldest"),
        row.getDouble("overdue"));
  }

  private static Map<String, Long> webhooks(Handle handle) {
    Map<String, Long> counts = new TreeMap<>();
    handle
        .createQuery(
            "select health, count(*) as webhooks from runhook.webhook group by health order by health")
        .map((row, _) -> Map.entry(health(row), row.getLong("webhooks")))
        .forEach(count -> counts.put(count.getKey(), count.getValue()));
    return counts;
  }

  private static String health(ResultSet row) throws SQLException {
    return row.getString("health").toLowerCase(Locale.ROOT);
  }

  private <T> T looking(Function<Handle, T> look) {
    try {
      return jdbi.inTransaction(handle -> {
        handle.execute(BOUND);
        return look.apply(handle);
      });
    } catch (RuntimeException e) {
      throw SqlErrors.translate("counting what the store holds", e);
    }
  }
}
