package dev.runhook.bootstrap;

import dev.runhook.http.Readiness;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;

/// Ready while the database answers and the server is not stopping.
final class SwitchableReadiness implements Readiness {
  private static final int SECONDS = 2;

  private final DataSource database;
  private volatile boolean draining;

  SwitchableReadiness(DataSource database) {
    this.database = database;
  }

  void drain() {
    draining = true;
  }

  @Override
  public List<Check> checks() {
    return List.of(
        new Check("server", !draining, draining ? "is stopping" : "is running"), database());
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
