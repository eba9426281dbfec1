package dev.runhook.bootstrap.observe;

import dev.runhook.application.spi.StoreUnavailableException;
import dev.runhook.http.server.Readiness;
import dev.runhook.persistence.schema.Schema;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import javax.sql.DataSource;

/// Reports the server as ready while it is neither starting nor shutting down, all of its loops
/// make progress, the database responds and its schema exists. Receivers do not matter: the server
/// accepts reports while a receiver is unavailable.
public final class ServerReadiness implements Readiness {
  private static final int TIMEOUT_SECONDS = 2;

  private final DataSource database;
  private final Schema schema;
  private final ReplicationMonitor replication;
  private final Supplier<Optional<String>> findProblem;
  private volatile boolean started;
  private volatile boolean draining;

  /// @param findProblem returns why this process must be restarted
  public ServerReadiness(
      DataSource database,
      Schema schema,
      ReplicationMonitor replication,
      Supplier<Optional<String>> findProblem) {
    this.database = database;
    this.schema = schema;
    this.replication = replication;
    this.findProblem = findProblem;
  }

  /// Marks the server as started. Before that, it is not ready.
  public void start() {
    started = true;
  }

  public void drain() {
    draining = true;
  }

  @Override
  public List<Check> checks() {
    if (!started) {
      return List.of(new Check("server", false, "starting; waiting for the database"));
    }
    Check server = checkServer();
    Check reachable = checkDatabase();
    if (!reachable.ok()) {
      return List.of(server, reachable);
    }
    List<Check> checks = new ArrayList<>(List.of(server, reachable, checkSchema()));
    replication.check().ifPresent(checks::add);
    return List.copyOf(checks);
  }

  private Check checkServer() {
    if (draining) {
      return new Check("server", false, "shutting down");
    }
    Optional<String> problem = findProblem.get();
    return new Check("server", problem.isEmpty(), problem.orElse("running"));
  }

  private Check checkSchema() {
    try {
      boolean exists = schema.exists();
      return new Check(
          "schema", exists, exists ? "exists" : "does not exist; start a server to create it");
    } catch (StoreUnavailableException _) {
      return new Check("schema", false, "cannot be read");
    }
  }

  private Check checkDatabase() {
    try (Connection connection = database.getConnection()) {
      boolean valid = connection.isValid(TIMEOUT_SECONDS);
      return new Check(
          "database", valid, valid ? "reachable" : "no response within " + TIMEOUT_SECONDS + " s");
    } catch (SQLException _) {
      return new Check("database", false, "unreachable");
    }
  }
}
