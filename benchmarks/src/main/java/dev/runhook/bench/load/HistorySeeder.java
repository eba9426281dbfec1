package dev.runhook.bench.load;

import dev.runhook.bench.process.PostgresServer;

/// Finished deliveries in the tables, with their events and attempts, spread over the last 30 days
/// as they would be. Written by SQL: ten million would take an hour to deliver.
public final class HistorySeeder {
  private static final int AT_ONCE = 500_000;

  private static final String FILL =
      """
      with n as (
        select (lpad(to_hex((extract(epoch from now() - interval '30 days' * (i::float8 / ALL)) * 1000)::bigint), 12, '0')
                  || '7' || lpad(to_hex(i % 4096), 3, '0') || '8' || lpad(to_hex(i), 15, '0'))::uuid as id,
               now() - interval '30 days' * (i::float8 / ALL) as at, i
        from generate_series(FROM::bigint + 1, FROM + MANY) i
      ), w as (
        select array_agg(id) as ids, array_agg(stack_id) as stacks from runhook.webhook
      ), e as (
        insert into runhook.event (id, stack_id, kind, occurred_at, payload)
        select n.id, w.stacks[1 + n.i % cardinality(w.stacks)], 'PING', n.at, '{"event":"ping"}'::bytea from n, w
      ), a as (
        insert into runhook.attempt (delivery_id, number, started_at, duration_ns, outcome, status_code)
        select n.id, 1, n.at, 1000000, 'RESPONDED', 200 from n
      )
      insert into runhook.delivery (id, webhook_id, event_id, kind, status, attempts, finished_at)
      select n.id, w.ids[1 + n.i % cardinality(w.ids)], n.id, 'PING', 'DELIVERED', 1, n.at from n, w
      """;

  private final PostgresServer postgresServer;
  private final String database;

  public HistorySeeder(PostgresServer cluster, String database) {
    this.postgresServer = cluster;
    this.database = database;
  }

  /// Adds what lacks of so many.
  public void growTo(int finished) {
    long there =
        Long.parseLong(
            postgresServer.query(
                database, "select count(*) from runhook.delivery where kind = 'PING'"));
    for (long from = there; from < finished; from += AT_ONCE) {
      String fill =
          FILL.replace("FROM", Long.toString(from))
              .replace("ALL", Integer.toString(finished))
              .replace("MANY", Long.toString(Math.min(AT_ONCE, finished - from)));
      postgresServer.execute(database, fill);
    }
    postgresServer.execute(database, "vacuum analyze runhook.delivery");
    postgresServer.execute(database, "analyze runhook.event");
    postgresServer.execute(database, "analyze runhook.attempt");
    postgresServer.execute(database, "checkpoint");
  }
}
