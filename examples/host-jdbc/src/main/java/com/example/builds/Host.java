package com.example.builds;

import dev.runhook.application.dispatch.Dispatcher;
import dev.runhook.application.dispatch.Dispatcher.PollResult;
import dev.runhook.application.retention.Retention;
import dev.runhook.domain.egress.EgressPolicy;
import dev.runhook.domain.run.RunState;
import dev.runhook.outbound.http.HttpTransport;
import dev.runhook.outbound.http.TransportSettings;
import dev.runhook.persistence.schema.JdbiHistoryPartitions;
import dev.runhook.persistence.schema.Schema;
import io.javalin.Javalin;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;

/// The service: its own routes and Runhook's in one Javalin, one thread that runs the dispatch
/// loop, and a timer. It starts and stops everything that Runhook needs.
public final class Host implements AutoCloseable {
  private static final Duration MAX_WAIT = Duration.ofSeconds(1);

  private final ExecutorService attempts = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpTransport transport;
  private final Runhook runhook;
  private final BuildServer builds;
  private final Javalin http;
  private final Thread sender;
  private final Retention retention;
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private volatile boolean stopping;

  private Host(DataSource database, EgressPolicy policy, String adminToken) {
    transport = new HttpTransport(TransportSettings.of(policy), InstantSource.system());
    runhook = Runhook.using(Adapters.production(database, transport, attempts), policy, adminToken);
    builds =
        new BuildServer(
            new JdbcTransactions(database),
            runhook.journal(),
            runhook.dispatcher().handoff()::wake);
    http =
        Javalin.create(config -> {
          config.routes.put(
              "/builds/{id}/{state}",
              context -> {
                RunState state = RunState.valueOf(context.pathParam("state"));
                context.json(builds.changeState(context.pathParam("id"), state));
              });
          runhook.api().mount(config.routes);
        });
    sender = Thread.ofPlatform().name("webhooks").unstarted(this::send);
    retention = Retention.using(new JdbiHistoryPartitions(database), Duration.ofDays(30));
  }

  /// Creates the tables and starts the service.
  ///
  /// @param port the port of the HTTP server; 0 uses a free port
  public static Host start(DataSource database, EgressPolicy policy, String adminToken, int port) {
    new Schema(database).migrate(); // Runhook's tables, in a schema of their own
    createOwnTable(database);
    Host host = new Host(database, policy, adminToken);
    host.http.start("127.0.0.1", port);
    host.sender.start();
    host.every(Duration.ofHours(3), host::runMaintenance);
    host.every(Duration.ofMinutes(1), host.runhook.ports().access()::flush);
    return host;
  }

  public BuildServer builds() {
    return builds;
  }

  public String url() {
    return "http://127.0.0.1:" + http.port();
  }

  @Override
  public void close() throws InterruptedException {
    http.stop();
    stopping = true;
    runhook.dispatcher().handoff().wake();
    timer.close();
    sender.join();
    runhook.dispatcher().stop(Duration.ofSeconds(10));
    attempts.close();
    transport.close();
  }

  /// Drops expired history, creates partitions for the coming days, and deletes expired idempotency
  /// keys.
  void runMaintenance() {
    retention.apply();
    runhook.ports().idempotentRequests().deleteExpired();
  }

  private void every(Duration period, Runnable work) {
    Runnable task =
        () -> {
          try {
            work.run();
          } catch (RuntimeException e) { // otherwise the timer would never run the task again
            System.getLogger("builds")
                .log(System.Logger.Level.WARNING, "a periodic task failed", e);
          }
        };
    var _ = timer.scheduleWithFixedDelay(task, 0, period.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void send() {
    Dispatcher dispatcher = runhook.dispatcher();
    try {
      while (!stopping) {
        dispatcher.awaitWork(poll(dispatcher));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Polls once and returns how long to wait before the next poll. A failure of the database does
  /// not end the loop.
  private static Duration poll(Dispatcher dispatcher) {
    try {
      PollResult result = dispatcher.poll();
      Duration due =
          result.limitReached() ? Duration.ZERO : result.timeUntilNextDue().orElse(MAX_WAIT);
      return due.compareTo(MAX_WAIT) < 0 ? due : MAX_WAIT;
    } catch (RuntimeException e) {
      System.getLogger("builds").log(System.Logger.Level.WARNING, "a poll failed", e);
      return MAX_WAIT;
    }
  }

  private static void createOwnTable(DataSource database) {
    try (Connection connection = database.getConnection()) {
      connection.createStatement().execute(JdbcBuilds.TABLE);
    } catch (SQLException e) {
      throw new IllegalStateException("cannot create the service's own table", e);
    }
  }
}
