package dev.runhook.bootstrap.process;

import dev.runhook.bootstrap.Main;
import java.sql.DriverManager;
import java.sql.SQLException;

/// The product as it is, on a JDBC driver that halts the process at a [FailPoint].
final class DoomedMain {
  private DoomedMain() {}

  /// The driver must be known before PostgreSQL's own, whose URLs it takes.
  static void main(String[] arguments) throws SQLException {
    FailPoint point = FailPoint.valueOf(System.getProperty(FailPoint.NAME));
    DriverManager.registerDriver(
        new DoomedDriver(new Doom(point, Integer.getInteger(FailPoint.HIT, 1))));
    Main.main(arguments);
  }
}
