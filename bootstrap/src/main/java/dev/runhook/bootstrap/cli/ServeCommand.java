package dev.runhook.bootstrap.cli;

import dev.runhook.bootstrap.observe.Logging;
import dev.runhook.bootstrap.server.Server;
import dev.runhook.bootstrap.setting.AdminToken;
import dev.runhook.bootstrap.setting.Settings;
import dev.runhook.bootstrap.setting.Version;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
    name = "serve",
    description = "Runs the server until it is told to stop (SIGTERM, Ctrl-C).",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    footer = {
      "",
      "Settings come from RUNHOOK_… variables and runhook.properties; see docs/configuration.md."
    })
final class ServeCommand implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(ServeCommand.class);

  @Spec private CommandSpec spec;

  ServeCommand() {
    this.spec = CommandSpec.create();
  }

  @Override
  public Integer call() throws InterruptedException {
    Settings settings = Settings.read();
    Logging.configure(settings.logging());
    Server server = Server.start(settings);
    stopWithProcess(server);
    greet(settings, server, spec.commandLine().getOut());
    new CountDownLatch(1).await();
    return 0;
  }

  /// One hook, in order; then exit 0, for stopping when asked to is no failure.
  private static void stopWithProcess(Server server) {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  LOG.info("stopping");
                  server.close();
                  LOG.info("stopped");
                  Runtime.getRuntime().halt(0);
                },
                "stop"));
  }

  private static void greet(Settings settings, Server server, PrintWriter out) {
    Duration took = Duration.ofMillis(ManagementFactory.getRuntimeMXBean().getUptime());
    LOG.info("ready at {} after {} ms, version {}", server.url(), took.toMillis(), Version.text());
    if (settings.logging().format() == Settings.LogSettings.Format.JSON) {
      return;
    }
    out.printf(
        "Runhook %s is ready at %s (after %.1f s)%n",
        Version.text(), server.url(), took.toMillis() / 1000.0);
    out.printf("  database     %s%n", server.databaseDescription());
    AdminToken token = server.adminToken();
    out.printf(
        "  admin token  %s%n",
        token.generated()
            ? token.secret() + "  (shown this once; kept in " + token.file() + ")"
            : settings.adminToken().isPresent()
                ? "that of RUNHOOK_ADMIN_TOKEN"
                : "in " + token.file());
    out.flush();
  }
}
