package dev.runhook.systemtests.resilience;

import dev.runhook.bootstrap.cli.Main;
import dev.runhook.systemtests.fixture.RunhookProcess;
import java.io.File;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;

/// Runs the unchanged product with a JDBC driver that halts the process at a [CrashPoint].
final class FaultInjectingMain {
  private FaultInjectingMain() {}

  /// The command that serves until the process reaches the point for the nth time.
  static List<String> command(CrashPoint point, int hit) {
    return RunhookProcess.command(
        "-D" + CrashPoint.POINT_PROPERTY + "=" + point,
        "-D" + CrashPoint.HIT_PROPERTY + "=" + hit,
        "-cp",
        RunhookProcess.jar() + File.pathSeparator + Path.of("target/test-classes").toAbsolutePath(),
        FaultInjectingMain.class.getName(),
        "serve");
  }

  /// Registers the driver before PostgreSQL's driver, which accepts the same URLs.
  static void main(String[] arguments) throws SQLException {
    CrashPoint point = CrashPoint.valueOf(System.getProperty(CrashPoint.POINT_PROPERTY));
    DriverManager.registerDriver(
        new FaultInjectingDriver(
            new CrashTrigger(point, Integer.getInteger(CrashPoint.HIT_PROPERTY, 1))));
    Main.main(arguments);
  }
}
