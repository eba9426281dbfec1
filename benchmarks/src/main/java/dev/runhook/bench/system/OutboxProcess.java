package dev.runhook.bench.system;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/// The outbox that most projects begin with: workers claim, POST and finish one row at a time, each
/// step in its own transaction. The number of workers is the best one found for this setup.
public final class OutboxProcess implements QueueProcess.Queue {
  private static final int WORKERS = 16;
  private static final Duration IDLE = Duration.ofMillis(2);

  /// Plans each claim for the current table. A cached plan for the empty table would always scan
  /// it.
  static final String TABLES =
      """
      alter database outbox set plan_cache_mode = force_custom_plan;
      create table outbox (id bigint primary key, payload text not null, due_at timestamptz not null default now());
      create index outbox_due on outbox (due_at, id);
      create table sent (entry bigserial primary key, id bigint not null, payload text not null, status int not null,
        at timestamptz not null default now());
      """;

  private static final String CLAIM =
      """
      update outbox o set due_at = now() + interval '30 seconds'
      from (select id from outbox where due_at <= now() order by due_at, id limit 1 for update skip locked) c
      where o.id = c.id returning o.id, o.payload
      """;
  private static final String FINISH =
      """
      with done as (delete from outbox where id = ? returning id, payload)
      insert into sent (id, payload, status) select id, payload, 200 from done
      """;

  private final AtomicInteger unfinished = new AtomicInteger();
  private final DataSource database;
  private final BaselineClient client;
  private volatile boolean dispatching = true;

  private OutboxProcess(DataSource database, BaselineClient client) {
    this.database = database;
    this.client = client;
  }

  /// Arguments: those of [QueueProcess].
  public static void main(String[] arguments) throws IOException {
    QueueProcess.run(
        arguments,
        (database, client) -> {
          OutboxProcess outbox = new OutboxProcess(database, client);
          ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
          for (int i = 0; i < WORKERS; i++) {
            threads.execute(outbox::work);
          }
          return outbox;
        });
  }

  @Override
  public void add(int number, String payload) {
    try (Connection connection = database.getConnection();
        PreparedStatement insert =
            connection.prepareStatement("insert into outbox (id, payload) values (?, ?)")) {
      insert.setLong(1, number);
      insert.setString(2, payload);
      insert.executeUpdate();
      unfinished.incrementAndGet();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void setDispatching(boolean dispatching) {
    this.dispatching = dispatching;
  }

  private void work() {
    try {
      while (true) {
        OptionalInt sent =
            dispatching && unfinished.get() > 0 ? claimAndSend() : OptionalInt.empty();
        if (sent.isPresent()) {
          finish(sent.getAsInt());
        } else {
          Thread.sleep(IDLE);
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private OptionalInt claimAndSend() {
    int number;
    String payload;
    try (Connection connection = database.getConnection();
        PreparedStatement claim = connection.prepareStatement(CLAIM);
        ResultSet row = claim.executeQuery()) {
      if (!row.next()) {
        return OptionalInt.empty();
      }
      number = row.getInt(1);
      payload = row.getString(2);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    client.postSigned(number, payload);
    return OptionalInt.of(number);
  }

  private void finish(int number) {
    try (Connection connection = database.getConnection();
        PreparedStatement finish = connection.prepareStatement(FINISH)) {
      finish.setLong(1, number);
      finish.executeUpdate();
      unfinished.decrementAndGet();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
