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
        "Shows it all: a server with a database of its own, a receiver, and a run whose every change of state is delivered.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class DemoCommand implements Callable<Integer> {
  private static final String SECRET = "It's a Secret to Everybody";
  private static final int USUAL_PORT = 8080;

  @Option(
      names = "--once",
      description = "Ends after the run: exit code 0 if every delivery was verified, 1 if not.")
  private boolean once;

  @Spec private CommandSpec spec;

  DemoCommand() {
    this.spec = CommandSpec.create();
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("runhook-demo-");
    Settings settings = settings(folder);
    Logging.configure(settings.logging());
    BlockingQueue<ReceivedDelivery> arrivals = new LinkedBlockingQueue<>();
    PrintWriter out = spec.commandLine().getOut();
    out.println(
        "Runhook tells other systems whenever a run changes its state: signed webhooks, at least once, in order.");
    out.println();
    out.flush();
    try (Receiver receiver = Receiver.start(0, SECRET, arrivals::add)) {
      Stage stage = new Stage(Server.start(settings), folder);
      Thread atEnd = new Thread(stage::close, "stop");
      Runtime.getRuntime().addShutdownHook(atEnd);
      boolean verified = play(stage.server(), receiver, arrivals, out);
      if (!once) {
        stayUp(stage.server(), out);
      }
      return verified ? 0 : Main.EXIT_FAILURE;
    }
  }

  private static boolean play(
      Server server, Receiver receiver, BlockingQueue<ReceivedDelivery> arrivals, PrintWriter out)
      throws InterruptedException {
    out.printf("  server    %s%n", server.url());
    out.printf(
        "  database  %s%n",
        server.databaseDescription().replaceAll(" in .*", ", durable, thrown away at the end"));
    out.printf("  receiver  %s, checks signatures with code of its own%n", receiver.url());
    out.println(
        "  webhook   the receiver's URL and a secret, attached to the stack \"networking\"");
    out.println();
    out.flush();
    DemoScenario demoScenario =
        new DemoScenario(server.url(), server.adminToken().secret(), arrivals, out);
    demoScenario.prepare(receiver.url(), SECRET);
    boolean verified = demoScenario.run();
    out.println();
    out.println(
        verified
            ? "All "
                + demoScenario.transitionCount()
                + " changes arrived, in order, each with signatures that match."
            : "Something did NOT arrive as it should; see the lines above.");
    out.flush();
    return verified;
  }

  private static void stayUp(Server server, PrintWriter out) throws InterruptedException {
    String token = server.adminToken().secret();
    out.println();
    out.println("The server stays up until Ctrl-C. Look at its page, and sign in with the token:");
    out.println("  page      " + server.url());
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

  private static Settings settings(Path folder) {
    return Settings.of(
        Map.of(
            "RUNHOOK_DATA_DIR",
            folder.toString(),
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

  /// For a database that is thrown away with it.
  private static String newKey() {
    byte[] bytes = new byte[32];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  /// The usual port if nobody has it, else 0 for any.
  private static int freePort() {
    try (ServerSocket probe = new ServerSocket(USUAL_PORT, 1, InetAddress.getLoopbackAddress())) {
      return probe.getLocalPort();
    } catch (IOException _) {
      return 0;
    }
  }

  /// What has to be taken down at the end, once, whichever way it comes.
  private record Stage(Server server, Path folder) {
    void close() {
      server.close();
      try (Stream<Path> files = Files.walk(folder)) {
        files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
      } catch (IOException e) {
        System.err.println("runhook: " + folder + " could not be removed: " + e.getMessage());
      }
    }
  }
}
