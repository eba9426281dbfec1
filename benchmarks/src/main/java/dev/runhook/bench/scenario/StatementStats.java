package dev.runhook.bench.scenario;

import dev.runhook.bench.process.PostgresServer;
import dev.runhook.bench.report.Table;
import java.util.List;

/// What PostgreSQL spends its time on, by statement. Noting it costs some of that time.
final class StatementStats {
  private static final int SHOWN = 24;
  private static final String COSTLIEST =
      """
      select string_agg(concat_ws('\t', calls, rows, plan, exec, wal, query), E'\n')
      from (
        select calls, rows, round(total_plan_time)::text as plan, round(total_exec_time)::text as exec, wal_bytes / 1024 as wal,
          d.datname || ': ' || left(regexp_replace(query, '\\s+', ' ', 'g'), 90) as query
        from pg_stat_statements s join pg_database d on d.oid = s.dbid
        order by total_plan_time + total_exec_time desc
        limit %d) t
      """
          .formatted(SHOWN);

  private final PostgresServer postgresServer;

  StatementStats(PostgresServer cluster) {
    this.postgresServer = cluster;
  }

  /// Begins to note.
  void startTracking() {
    postgresServer.trackStatements();
  }

  /// The statements that cost the most since then.
  Table mostExpensive() {
    Table table = new Table(List.of("statement", "calls", "rows", "plan ms", "run ms", "WAL kB"));
    postgresServer
        .query("postgres", COSTLIEST)
        .lines()
        .map(line -> line.split("\t", 6))
        .forEach(cell -> table.row(List.of(cell[5], cell[0], cell[1], cell[2], cell[3], cell[4])));
    return table;
  }
}
