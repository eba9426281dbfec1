package dev.runhook.bootstrap.observe;

import dev.runhook.application.StoreUnavailableException;
import dev.runhook.http.server.Readiness;
import dev.runhook.persistence.schema.Schema;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;

/// Ready while the database answers, has our tables, and the server is not stopping. Receivers are
/// never asked: one that is down is no reason to take no more reports.
public final class ServerReadiness implements Readiness {
  private static final int SECONDS = 2;

  private final DataSource database;
  private final Schema schema;
  private volatile boolean draining;

  public ServerReadiness(DataSource database, Schema schema) {
    this.database = database;
    this.schema = schema;
  }

  public void drain() {
    draining = true;
  }

  @Override
  public List<Check> checks() {
    Check server = new Check("server", !draining, draining ? "is stopping" : "is running");
    Check answers = database();
    return answers.ok() ? List.of(server, answers, schema()) : List.of(server, answers);
  }

  private Check schema() {
    try {
      boolean there = schema.exists();
      return new Check("schema", there, there ? "is in place" : "is missing; start a server on it");
    } catch (StoreUnavailableException _) {
      return new Check("schema", false, "cannot be read");
    }
  }

  private Check database() {
    try (Connection connection = database.getConnection()) {
      boolean answers = connection.isValid(SECONDS);
      return new Check(
          "database", answers, answers ? "answers" : "does not answer within " + SECONDS + " s");
    } catch (SQLException _) {
      return new Check("database", false, "cannot be reached");
    }
  }
}
