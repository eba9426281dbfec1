package com.example.builds;

import dev.runhook.application.dispatch.Dispatcher;
import dev.runhook.application.dispatch.PollResult;
import dev.runhook.application.retention.Retention;
import dev.runhook.domain.egress.EgressPolicy;
import dev.runhook.domain.run.RunState;
import dev.runhook.outbound.http.HttpTransport;
import dev.runhook.outbound.http.TransportSettings;
import dev.runhook.persistence.history.JdbiHistoryPartitions;
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

/// The service: its own routes and Runhook's in one Javalin, the one thread that has deliveries
/// sent, and a timer. All that Runhook has running is started here, and ends here.
public final class Host implements AutoCloseable {
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);

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

  /// @param port 0 picks a free one
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

  /// Forgets what is too old, and makes room for the days to come.
  void runMaintenance() {
    retention.apply();
    runhook.ports().idempotentRequests().deleteExpired();
  }

  private void every(Duration period, Runnable work) {
    Runnable safe =
        () -> {
          try {
            work.run();
          } catch (RuntimeException e) { // a timer never comes again to what has thrown
            System.getLogger("builds").log(System.Logger.Level.WARNING, "tidying failed", e);
          }
        };
    var _ = timer.scheduleWithFixedDelay(safe, 0, period.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void send() {
    Dispatcher dispatcher = runhook.dispatcher();
    try {
      while (!stopping) {
        dispatcher.awaitWork(pause(dispatcher));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// One round; how long to wait before the next. A database that is away is no reason to end.
  private static Duration pause(Dispatcher dispatcher) {
    try {
      PollResult pollResult = dispatcher.poll();
      Duration due =
          pollResult.limitReached()
              ? Duration.ZERO
              : pollResult.timeUntilNextDue().orElse(LONGEST_WAIT);
      return due.compareTo(LONGEST_WAIT) < 0 ? due : LONGEST_WAIT;
    } catch (RuntimeException e) {
      System.getLogger("builds").log(System.Logger.Level.WARNING, "a round failed", e);
      return LONGEST_WAIT;
    }
  }

  private static void createOwnTable(DataSource database) {
    try (Connection connection = database.getConnection()) {
      connection.createStatement().execute(JdbcBuilds.TABLE);
    } catch (SQLException e) {
      throw new IllegalStateException("the service's own table cannot be made", e);
    }
  }
}
