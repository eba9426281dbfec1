package com.example.builds;

import dev.runhook.domain.run.RunState;
import dev.runhook.embedded.PeriodicTask;
import dev.runhook.embedded.Runhook;
import io.javalin.Javalin;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;

/// The service: its own routes and Runhook's in one Javalin.
public final class Host implements AutoCloseable {
  private final Runhook runhook;
  private final BuildServer builds;
  private final Javalin http;
  private final PeriodicTask tokenUsage;

  private Host(DataSource database, Runhook runhook, String adminToken) {
    this.runhook = runhook;
    builds =
        new BuildServer(
            new JdbcTransactions(database),
            runhook.journal(),
            runhook.stack("main"),
            runhook::wake);
    RunhookApi api = RunhookApi.of(runhook, adminToken);
    tokenUsage = new PeriodicTask("token-usage", Duration.ofMinutes(1), api.access()::flush);
    http =
        Javalin.create(config -> {
          config.routes.put(
              "/builds/{id}/{state}",
              context -> {
                RunState state = RunState.valueOf(context.pathParam("state"));
                context.json(builds.changeState(context.pathParam("id"), state));
              });
          api.http().mount(config.routes);
          api.http().mountWebUi(config.routes);
        });
  }

  /// Creates the tables and starts the service.
  ///
  /// @param network a private network that receivers may be in
  /// @param port the port of the HTTP server; 0 uses a free port
  public static Host start(DataSource database, String network, String adminToken, int port) {
    createOwnTable(database);
    Runhook runhook =
        Runhook.on(database)
            .account("builds")
            .allowedNetworks(network)
            .userAgent("Builds/1 (Runhook)")
            .start();
    Host host = new Host(database, runhook, adminToken);
    host.tokenUsage.start();
    host.http.start("127.0.0.1", port);
    return host;
  }

  public BuildServer builds() {
    return builds;
  }

  Runhook runhook() {
    return runhook;
  }

  public String url() {
    return "http://127.0.0.1:" + http.port();
  }

  @Override
  public void close() {
    http.stop();
    tokenUsage.stop(Duration.ofSeconds(5));
    runhook.close();
  }

  private static void createOwnTable(DataSource database) {
    try (Connection connection = database.getConnection()) {
      connection.createStatement().execute(JdbcBuilds.TABLE);
    } catch (SQLException e) {
      throw new IllegalStateException("cannot create the service's own table", e);
    }
  }
}
