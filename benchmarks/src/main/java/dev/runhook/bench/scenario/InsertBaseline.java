package dev.runhook.bench.scenario;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.runhook.bench.system.Environment;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.UUID;
import javax.sql.DataSource;

/// Measures PostgreSQL alone: inserts the rows of transitions (event, transition, queued delivery)
/// on one connection, with one statement and one durable commit for each batch.
final class InsertBaseline {
  static final int BATCH = 256;

  private static final String TABLES =
      """
      create table event (id uuid primary key, run uuid not null, state text not null, version bigint not null,
        at timestamptz not null, payload bytea not null);
      create table transition (run uuid not null, version bigint not null, state text not null,
        at timestamptz not null, event uuid not null, primary key (run, version));
      create table queue (id uuid primary key, webhook uuid not null, run uuid not null, event uuid not null,
        version bigint not null, due_at timestamptz, leased_until timestamptz);
      create index queue_due on queue (webhook, due_at, id) where due_at is not null;
      create index queue_lane on queue (webhook, run, version, id);
      """;
  private static final String INSERT =
      """
      with n as (select * from unnest(?::uuid[], ?::uuid[], ?::uuid[], ?::bytea[]) as n (id, run, webhook, payload)),
      e as (insert into event select id, run, 'PLANNING', 1, now(), payload from n),
      t as (insert into transition select run, 1, 'PLANNING', now(), id from n)
      insert into queue select id, webhook, run, id, 1, now(), now() + interval '30 seconds' from n
      """;

  private final DataSource database;

  InsertBaseline(Environment environment) {
    environment.postgres().createDatabase("inserts");
    environment.postgres().execute("inserts", TABLES);
    this.database = environment.postgres().pool("inserts");
  }

  /// Inserts the rows of `count` transitions and returns the number of transitions per second.
  double perSecond(int count) {
    long startedAt = System.nanoTime();
    try (Connection connection = database.getConnection();
        PreparedStatement insert = connection.prepareStatement(INSERT)) {
      for (int done = 0; done < count; done += BATCH) {
        insert(connection, insert, Math.min(BATCH, count - done));
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return count / ((System.nanoTime() - startedAt) / 1e9);
  }

  private static void insert(Connection connection, PreparedStatement insert, int count)
      throws SQLException {
    UUID[] ids = new UUID[count];
    UUID[] runs = new UUID[count];
    UUID[] webhooks = new UUID[count];
    byte[][] payloads = new byte[count][];
    for (int i = 0; i < count; i++) {
      ids[i] = UuidCreator.getTimeOrderedEpochPlus1();
      runs[i] = UuidCreator.getTimeOrderedEpochPlus1();
      webhooks[i] = new UUID(1, i % 50);
      payloads[i] = new byte[700];
    }
    insert.setArray(1, connection.createArrayOf("uuid", ids));
    insert.setArray(2, connection.createArrayOf("uuid", runs));
    insert.setArray(3, connection.createArrayOf("uuid", webhooks));
    insert.setArray(4, connection.createArrayOf("bytea", payloads));
    insert.executeUpdate();
  }
}
