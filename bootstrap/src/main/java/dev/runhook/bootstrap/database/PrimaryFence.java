package dev.runhook.bootstrap.database;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/// Keeps a process away from a primary that was replaced. Such a server can continue, for example
/// after it was frozen. It still answers reads, but without what the new primary has committed.
/// Thread-safe.
final class PrimaryFence {
  /// A connection failure (SQLSTATE class 08), which the pools retry.
  private static final String CONNECTION_REJECTED = "08004";

  /// The timeline of the server, 8 hexadecimal digits that a promotion increases. Empty on a
  /// standby.
  private static final String TIMELINE =
      """
      select case when pg_is_in_recovery() then ''
        else left(pg_walfile_name(pg_current_wal_insert_lsn()), 8) end
      """;

  private final List<Runnable> listeners = new ArrayList<>();
  private String latest = "";

  /// Adds a listener that is called when the process has connected to a new primary.
  synchronized void onNewPrimary(Runnable listener) {
    listeners.add(listener);
  }

  /// @throws SQLException if an earlier connection has reached the server that replaced this one
  void check(Connection connection) throws SQLException {
    String timeline;
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(TIMELINE)) {
      rows.next();
      timeline = rows.getString(1);
    }
    check(timeline);
  }

  synchronized void check(String timeline) throws SQLException {
    int comparison = timeline.compareTo(latest);
    if (comparison < 0) {
      throw new SQLException(
          "the server has timeline %s and was replaced by one with timeline %s; restart this process"
                  .formatted(timeline, latest)
              + " if it is the right one",
          CONNECTION_REJECTED);
    }
    if (comparison > 0 && !latest.isEmpty()) {
      listeners.forEach(Runnable::run);
    }
    latest = timeline;
  }
}
