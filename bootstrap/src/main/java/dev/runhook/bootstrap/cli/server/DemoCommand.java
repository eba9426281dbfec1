package dev.runhook.bootstrap.cli.server;

import dev.runhook.bootstrap.cli.command.CliCommand;
import dev.runhook.bootstrap.demo.DemoScenario;
import dev.runhook.bootstrap.observe.Logging;
import dev.runhook.bootstrap.server.Server;
import dev.runhook.bootstrap.setting.DataDirectory;
import dev.runhook.bootstrap.setting.Settings;
import dev.runhook.bootstrap.setting.SettingsReader;
import dev.runhook.client.RunhookClient;
import dev.runhook.diagnosis.receiver.ReceivedDelivery;
import dev.runhook.diagnosis.receiver.Receiver;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "demo",
    description =
        "Runs a complete setup: a server with its own database, a receiver, and a run whose state"
            + " changes are delivered.")
public final class DemoCommand extends CliCommand {
  private static final String SECRET = "It's a Secret to Everybody";
  private static final int DEFAULT_PORT = 8080;
  private static final int MAX_PORT = 65_535;

  @Option(
      names = "--once",
      description = "Exits after the run: 0 if all deliveries were verified, 1 if not.")
  private boolean once;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = "Port of the server; 0 picks a free one (default: 8080 if it is free).")
  private @Nullable Integer port;

  @Override
  public Integer call() throws IOException, InterruptedException {
    int listenPort = listenPort();
    Path directory = Files.createTempDirectory("runhook-demo-");
    Settings settings = settings(directory, listenPort);
    Logging.configure(settings.logging());
    BlockingQueue<ReceivedDelivery> deliveries = new LinkedBlockingQueue<>();
    out()
        .println(
            "Runhook notifies other systems of run state changes: signed webhooks, at least once,"
                + " in order.\n");
    out().flush();
    try (Receiver receiver = Receiver.start(0, SECRET, deliveries::add)) {
      Server server = Server.listen(settings, false);
      Runtime.getRuntime().addShutdownHook(new Thread(() -> cleanUp(server, directory), "stop"));
      server.awaitReady();
      boolean verified = run(server, receiver, deliveries);
      if (!once) {
        stayUp(server);
      }
      return verified ? EXIT_SUCCESS : EXIT_FAILURE;
    }
  }

  private boolean run(Server server, Receiver receiver, BlockingQueue<ReceivedDelivery> deliveries)
      throws InterruptedException {
    PrintWriter out = out();
    out.printf(
        """
          server    %s
          database  %s
          receiver  %s, verifies signatures with its own code
          webhook   for the receiver's URL, attached to the stack "networking"

        """,
        server.url(),
        server.databaseDescription().replaceAll(" in .*", ", durable, deleted at the end"),
        receiver.url());
    out.flush();
    try (RunhookClient client =
        RunhookClient.of(URI.create(server.url()), server.adminToken().secret())) {
      DemoScenario scenario = new DemoScenario(client, deliveries, out);
      scenario.prepare(receiver.url(), SECRET);
      boolean verified = scenario.run();
      out.println(
          verified
              ? "\nAll %d state changes arrived in order, with valid signatures."
                  .formatted(scenario.transitionCount())
              : "\nSome deliveries are missing or NOT verified; see the lines above.");
      out.flush();
      return verified;
    }
  }

  private void stayUp(Server server) throws InterruptedException {
    out()
        .printf(
            """

            The server runs until Ctrl-C. Open the web UI and sign in with the token:
              web UI    %1$s
              token     %2$s

            Or try, in another terminal:
              curl -H 'Authorization: Bearer %2$s' %1$s/api/v1/stacks/networking/webhooks
              curl -H 'Authorization: Bearer %2$s' %1$s/api/v1/stacks/networking/runs
            """,
            server.url(), server.adminToken().secret());
    out().flush();
    new CountDownLatch(1).await();
  }

  private static Settings settings(Path directory, int port) {
    return SettingsReader.read(
        Map.of(
            "RUNHOOK_DATA_DIR",
            directory.toString(),
            "RUNHOOK_PORT",
            Integer.toString(port),
            "RUNHOOK_ACCOUNT",
            "acme",
            "RUNHOOK_ENCRYPTION_KEY",
            newKey(),
            "RUNHOOK_ALLOWED_NETWORKS",
            "127.0.0.0/8,::1/128",
            "RUNHOOK_LOG_LEVEL",
            "warn"));
  }

  /// The key needs no storage, because the database is deleted at the end.
  private static String newKey() {
    byte[] bytes = new byte[32];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  /// Returns the default port if it is free, and 0 for any free port otherwise.
  private int listenPort() {
    if (port == null) {
      return isFree(DEFAULT_PORT) ? DEFAULT_PORT : 0;
    }
    requireRange("--port", port, 0, MAX_PORT);
    if (!isFree(port)) {
      throw usageError("port " + port + " is in use; set another one with --port");
    }
    return port;
  }

  private static boolean isFree(int port) {
    try (ServerSocket _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  private static void cleanUp(Server server, Path directory) {
    server.close();
    try {
      DataDirectory.delete(directory);
    } catch (IOException e) {
      System.err.println("runhook: cannot delete " + directory + ": " + e.getMessage());
    }
  }
}
