package dev.runhook.bench.load;

import dev.runhook.bench.process.PostgresServer;

/// Inserts finished deliveries with their events and attempts, spread evenly over the last 30 days.
/// It uses SQL because delivering ten million would take an hour.
public final class HistorySeeder {
  private static final int BATCH = 500_000;

  private static final String INSERT =
      """
      with n as (
        select (lpad(to_hex((extract(epoch from now() - interval '30 days' * (i::float8 / TOTAL)) * 1000)::bigint),
                    12, '0')
                  || '7' || lpad(to_hex(i % 4096), 3, '0') || '8' || lpad(to_hex(i), 15, '0'))::uuid as id,
               now() - interval '30 days' * (i::float8 / TOTAL) as at, i
        from generate_series(FROM::bigint + 1, FROM + COUNT) i
      ), w as (
        select array_agg(id) as ids, array_agg(stack_id) as stacks from runhook.webhook
      ), e as (
        insert into runhook.event (id, stack_id, kind, occurred_at, payload)
        select n.id, w.stacks[1 + n.i % cardinality(w.stacks)], 'PING', n.at, '{"event":"ping"}'::bytea from n, w
      ), a as (
        insert into runhook.attempt (delivery_id, number, started_at, duration_ns, outcome, status_code)
        select n.id, 1, n.at, 1000000, 'DELIVERED', 200 from n
      )
      insert into runhook.delivery (id, webhook_id, event_id, kind, status, attempts, finished_at)
      select n.id, w.ids[1 + n.i % cardinality(w.ids)], n.id, 'PING', 'DELIVERED', 1, n.at from n, w
      """;

  private final PostgresServer postgres;
  private final String database;

  public HistorySeeder(PostgresServer postgres, String database) {
    this.postgres = postgres;
    this.database = database;
  }

  /// Inserts deliveries until the tables contain the given number of them.
  public void growTo(int finished) {
    long existing =
        Long.parseLong(
            postgres.query(database, "select count(*) from runhook.delivery where kind = 'PING'"));
    for (long from = existing; from < finished; from += BATCH) {
      String insert =
          INSERT
              .replace("FROM", Long.toString(from))
              .replace("TOTAL", Integer.toString(finished))
              .replace("COUNT", Long.toString(Math.min(BATCH, finished - from)));
      postgres.execute(database, insert);
    }
    postgres.execute(database, "vacuum analyze runhook.delivery");
    postgres.execute(database, "analyze runhook.event");
    postgres.execute(database, "analyze runhook.attempt");
    postgres.execute(database, "checkpoint");
  }
}
