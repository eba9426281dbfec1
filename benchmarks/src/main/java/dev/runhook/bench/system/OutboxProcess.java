package dev.runhook.bench.system;

import dev.runhook.bench.load.BackpressureWindow;
import dev.runhook.bench.load.Timestamps;
import dev.runhook.bench.process.PostgresServer;
import dev.runhook.bench.sink.ReceiptLog;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/// The outbox that most projects begin with: workers claim, POST and finish one row at a time, each
/// step in its own transaction. The number of workers is the best one found for this setup.
public final class OutboxProcess {
  private static final int WORKERS = 16;
  private static final int CALLERS = 16;
  private static final Duration IDLE = Duration.ofMillis(2);

  static final String TABLES =
      """
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

  /// Plans each claim for the current table. A cached plan for the empty table would always scan
  /// it.
  private static final String PLAN_EACH_TIME = "&options=-c%20plan_cache_mode=force_custom_plan";

  private final AtomicInteger unfinished = new AtomicInteger();
  private final DataSource database;
  private final HttpClient client;
  private final String endpoint;
  private final int endpoints;

  private OutboxProcess(DataSource database, HttpClient client, String endpoint, int endpoints) {
    this.database = database;
    this.client = client;
    this.endpoint = endpoint;
    this.endpoints = endpoints;
  }

  /// Arguments: those of [BareClientProcess], then the window and the JDBC URL.
  public static void main(String[] arguments) throws IOException {
    int capacity = Integer.parseInt(arguments[4]);
    BackpressureWindow window =
        new BackpressureWindow(
            ReceiptLog.map(Path.of(arguments[2]), capacity), Integer.parseInt(arguments[5]), 1);
    Timestamps acknowledgements = Timestamps.map(Path.of(arguments[3]), capacity);
    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    OutboxProcess outbox =
        new OutboxProcess(
            PostgresServer.newPool(arguments[6] + PLAN_EACH_TIME, 40),
            HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .executor(Runnable::run)
                .build(),
            arguments[0],
            Integer.parseInt(arguments[1]));
    for (int i = 0; i < WORKERS; i++) {
      threads.execute(outbox::work);
    }
    Callers callers = new Callers(threads, CALLERS, window);
    CommandLoop.run(count ->
        callers.run(
            count,
            number -> {
              outbox.insert(number);
              acknowledgements.set(number, System.nanoTime());
            }));
  }

  private void insert(int number) {
    try (Connection connection = database.getConnection();
        PreparedStatement insert =
            connection.prepareStatement("insert into outbox (id, payload) values (?, ?)")) {
      insert.setLong(1, number);
      insert.setString(2, "x".repeat(700));
      insert.executeUpdate();
      unfinished.incrementAndGet();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private void work() {
    try {
      while (true) {
        // without rows it makes no queries, which would disturb the other systems
        long claimed = unfinished.get() > 0 ? claim() : -1;
        if (claimed < 0) {
          Thread.sleep(IDLE);
        } else {
          BareClientProcess.post(
              client, URI.create(endpoint + (claimed % endpoints)), Math.toIntExact(claimed));
          finish(claimed);
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private long claim() {
    try (Connection connection = database.getConnection();
        PreparedStatement claim = connection.prepareStatement(CLAIM);
        ResultSet row = claim.executeQuery()) {
      return row.next() ? row.getLong(1) : -1;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private void finish(long id) {
    try (Connection connection = database.getConnection();
        PreparedStatement finish = connection.prepareStatement(FINISH)) {
      finish.setLong(1, id);
      finish.executeUpdate();
      unfinished.decrementAndGet();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
