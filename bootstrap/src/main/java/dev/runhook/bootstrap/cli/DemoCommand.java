package dev.runhook.bootstrap.cli;

import dev.runhook.bootstrap.demo.DemoScenario;
import dev.runhook.bootstrap.observe.Logging;
import dev.runhook.bootstrap.receiver.ReceivedDelivery;
import dev.runhook.bootstrap.receiver.Receiver;
import dev.runhook.bootstrap.server.Server;
import dev.runhook.bootstrap.setting.Settings;
import dev.runhook.bootstrap.setting.Version;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "demo",
    description =
        "Runs a complete setup: a server with its own database, a receiver, and a run whose state"
            + " changes are delivered.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class DemoCommand implements Callable<Integer> {
  private static final String SECRET = "It's a Secret to Everybody";
  private static final int DEFAULT_PORT = 8080;

  @Option(
      names = "--once",
      description = "Exits after the run: 0 if all deliveries were verified, 1 if not.")
  private boolean once;

  @Spec private CommandSpec spec;

  DemoCommand() {
    this.spec = CommandSpec.create();
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path directory = Files.createTempDirectory("runhook-demo-");
    Settings settings = settings(directory);
    Logging.configure(settings.logging());
    BlockingQueue<ReceivedDelivery> deliveries = new LinkedBlockingQueue<>();
    PrintWriter out = spec.commandLine().getOut();
    out.println(
        "Runhook notifies other systems of run state changes: signed webhooks, at least once, in"
            + " order.");
    out.println();
    out.flush();
    try (Receiver receiver = Receiver.start(0, SECRET, deliveries::add)) {
      Server server = Server.start(settings);
      Runtime.getRuntime().addShutdownHook(new Thread(() -> cleanUp(server, directory), "stop"));
      boolean verified = run(server, receiver, deliveries, out);
      if (!once) {
        stayUp(server, out);
      }
      return verified ? 0 : Main.EXIT_FAILURE;
    }
  }

  private static boolean run(
      Server server, Receiver receiver, BlockingQueue<ReceivedDelivery> deliveries, PrintWriter out)
      throws InterruptedException {
    out.printf("  server    %s%n", server.url());
    out.printf(
        "  database  %s%n",
        server.databaseDescription().replaceAll(" in .*", ", durable, deleted at the end"));
    out.printf("  receiver  %s, verifies signatures with its own code%n", receiver.url());
    out.println("  webhook   for the receiver's URL, attached to the stack \"networking\"");
    out.println();
    out.flush();
    DemoScenario scenario =
        new DemoScenario(server.url(), server.adminToken().secret(), deliveries, out);
    scenario.prepare(receiver.url(), SECRET);
    boolean verified = scenario.run();
    out.println();
    out.println(
        verified
            ? "All %d state changes arrived in order, with valid signatures."
                .formatted(scenario.transitionCount())
            : "Some deliveries are missing or NOT verified; see the lines above.");
    out.flush();
    return verified;
  }

  private static void stayUp(Server server, PrintWriter out) throws InterruptedException {
    String token = server.adminToken().secret();
    out.println();
    out.println("The server runs until Ctrl-C. Open the web UI and sign in with the token:");
    out.println("  web UI    " + server.url());
    out.println("  token     " + token);
    out.println();
    out.println("Or try, in another terminal:");
    out.printf(
        "  curl -H 'Authorization: Bearer %s' %s/api/v1/stacks/networking/webhooks%n",
        token, server.url());
    out.printf(
        "  curl -H 'Authorization: Bearer %s' %s/api/v1/stacks/networking/runs%n",
        token, server.url());
    out.flush();
    new CountDownLatch(1).await();
  }

  private static Settings settings(Path directory) {
    return Settings.of(
        Map.of(
            "RUNHOOK_DATA_DIR",
            directory.toString(),
            "RUNHOOK_PORT",
            Integer.toString(freePort()),
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
  private static int freePort() {
    try (ServerSocket socket =
        new ServerSocket(DEFAULT_PORT, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException _) {
      return 0;
    }
  }

  private static void cleanUp(Server server, Path directory) {
    server.close();
    try (Stream<Path> files = Files.walk(directory)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException e) {
      System.err.println("runhook: cannot delete " + directory + ": " + e.getMessage());
    }
  }
}
