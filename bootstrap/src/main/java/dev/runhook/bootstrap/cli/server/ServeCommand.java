package dev.runhook.bootstrap.cli.server;

import dev.runhook.bootstrap.cli.client.ProblemMessage;
import dev.runhook.bootstrap.cli.client.SetupFile;
import dev.runhook.bootstrap.cli.client.SetupPlan;
import dev.runhook.bootstrap.cli.client.SetupPlan.Change;
import dev.runhook.bootstrap.cli.command.CliCommand;
import dev.runhook.bootstrap.observe.Logging;
import dev.runhook.bootstrap.server.Server;
import dev.runhook.bootstrap.setting.AdminToken;
import dev.runhook.bootstrap.setting.LogSettings;
import dev.runhook.bootstrap.setting.SettingDefinitions;
import dev.runhook.bootstrap.setting.Settings;
import dev.runhook.bootstrap.setting.SettingsReader;
import dev.runhook.bootstrap.setting.StartupException;
import dev.runhook.bootstrap.setting.Version;
import dev.runhook.client.ApiProblemException;
import dev.runhook.client.RunhookClient;
import java.io.Console;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;

@Command(
    name = "serve",
    description = "Runs the server until SIGTERM or Ctrl-C.",
    footer =
        "Settings are RUNHOOK_… variables or lines of runhook.properties; see docs/configuration.md.")
public final class ServeCommand extends CliCommand {
  private static final Logger LOG = LoggerFactory.getLogger(ServeCommand.class);

  @Override
  public Integer call() throws InterruptedException {
    Settings settings = SettingsReader.read();
    Logging.configure(settings.logging());
    if (!SettingsReader.serviceLinks().isEmpty()) {
      LOG.warn(
          "ignored {}, which Kubernetes sets for a Service named runhook; set enableServiceLinks:"
              + " false in the pod",
          String.join(", ", SettingsReader.serviceLinks()));
    }
    Optional<SetupFile> bootstrap =
        settings
            .find(SettingDefinitions.BOOTSTRAP_FILE)
            .filter(_ -> settings.get(SettingDefinitions.ROLE).servesApi())
            .map(file -> SetupFile.read(file, environment()));
    Server server = Server.listen(settings, !isOnTerminal());
    Thread shutdownHook = new Thread(() -> stop(server), "stop");
    Runtime.getRuntime().addShutdownHook(shutdownHook);
    try {
      if (server.awaitReady(bootstrap.map(setup -> () -> apply(setup, server)))) {
        printStartup(settings, server, out());
      }
    } catch (RuntimeException e) {
      Runtime.getRuntime().removeShutdownHook(shutdownHook);
      server.close();
      throw e;
    }
    new CountDownLatch(1).await();
    return EXIT_SUCCESS;
  }

  /// Returns whether a user has started this command and sees what it prints. A supervisor expects
  /// the command to wait for its port.
  private static boolean isOnTerminal() {
    return Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
  }

  /// Makes the changes through the API, with the token of the configured admin.
  private static void apply(SetupFile setup, Server server) {
    String current = "";
    try (RunhookClient client =
        RunhookClient.of(URI.create(server.url()), server.adminToken().secret())) {
      List<Change> changes = SetupPlan.of(setup, client, false);
      for (Change change : changes) {
        current = change.title() + ": ";
        change.make(client).forEach(warning -> LOG.warn("RUNHOOK_BOOTSTRAP_FILE: {}", warning));
      }
      LOG.info("RUNHOOK_BOOTSTRAP_FILE: made {} changes", changes.size());
    } catch (ApiProblemException e) {
      throw new StartupException(
          "RUNHOOK_BOOTSTRAP_FILE: " + current + ProblemMessage.of(e.problem()), e);
    } catch (UncheckedIOException e) {
      throw new StartupException("RUNHOOK_BOOTSTRAP_FILE: the server does not respond", e);
    }
  }

  /// Exits with 0 after the shutdown, because a requested stop is not a failure.
  private static void stop(Server server) {
    LOG.info("stopping");
    server.close();
    LOG.info("stopped");
    Runtime.getRuntime().halt(0);
  }

  private static void printStartup(Settings settings, Server server, PrintWriter out) {
    long uptimeMillis = ManagementFactory.getRuntimeMXBean().getUptime();
    LOG.info("ready at {} after {} ms, version {}", server.url(), uptimeMillis, Version.text());
    if (settings.logging().format() == LogSettings.Format.JSON) {
      return;
    }
    out.printf(
        "Runhook %s is ready at %s (after %.1f s)%n",
        Version.text(), server.url(), uptimeMillis / 1000.0);
    out.printf("  database     %s%n", server.databaseDescription());
    AdminToken token = server.adminToken();
    out.printf(
        "  admin token  %s%n",
        token.generated()
            ? token.secret() + "  (shown only once; stored in " + token.file() + ")"
            : settings.find(SettingDefinitions.ADMIN_TOKEN).isPresent()
                ? "from RUNHOOK_ADMIN_TOKEN"
                : "in " + token.file());
    out.flush();
  }
}
