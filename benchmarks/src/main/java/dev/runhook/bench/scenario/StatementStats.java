package dev.runhook.bench.scenario;

import dev.runhook.bench.process.PostgresServer;
import dev.runhook.bench.report.Table;
import java.util.List;

/// The cost of the SQL statements. Tracking them slows PostgreSQL down.
final class StatementStats {
  private static final int LIMIT = 24;
  private static final String MOST_EXPENSIVE =
      """
      select string_agg(concat_ws('\t', calls, rows, plan, exec, wal, query), E'\n')
      from (
        select calls, rows, round(total_plan_time)::text as plan, round(total_exec_time)::text as exec,
          wal_bytes / 1024 as wal,
          d.datname || ': ' || left(regexp_replace(query, '\\s+', ' ', 'g'), 90) as query
        from pg_stat_statements s join pg_database d on d.oid = s.dbid
        order by total_plan_time + total_exec_time desc
        limit %d) t
      """
          .formatted(LIMIT);

  private final PostgresServer postgres;

  StatementStats(PostgresServer postgres) {
    this.postgres = postgres;
  }

  /// Starts to track statements.
  void startTracking() {
    postgres.trackStatements();
  }

  /// Returns the most expensive statements since the start.
  Table mostExpensive() {
    Table table = new Table(List.of("statement", "calls", "rows", "plan ms", "run ms", "WAL kB"));
    postgres
        .query("postgres", MOST_EXPENSIVE)
        .lines()
        .map(line -> line.split("\t", 6))
        .forEach(cells ->
            table.row(List.of(cells[5], cells[0], cells[1], cells[2], cells[3], cells[4])));
    return table;
  }
}
