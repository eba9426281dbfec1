package dev.runhook.systemtests.resilience;

import dev.runhook.bootstrap.cli.Main;
import java.sql.DriverManager;
import java.sql.SQLException;

/// The product as it is, on a JDBC driver that halts the process at a [CrashPoint].
public final class FaultInjectingMain {
  private FaultInjectingMain() {}

  /// The driver must be known before PostgreSQL's own, whose URLs it takes.
  static void main(String[] arguments) throws SQLException {
    CrashPoint point = CrashPoint.valueOf(System.getProperty(CrashPoint.POINT_PROPERTY));
    DriverManager.registerDriver(
        new FaultInjectingDriver(
            new CrashTrigger(point, Integer.getInteger(CrashPoint.HIT_PROPERTY, 1))));
    Main.main(arguments);
  }
}
