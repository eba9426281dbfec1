package dev.runhook.bootstrap.cli;

import dev.runhook.bootstrap.receiver.DeliveryPrinter;
import dev.runhook.bootstrap.receiver.DeliveryResponse;
import dev.runhook.bootstrap.receiver.JsonDeliveryPrinter;
import dev.runhook.bootstrap.receiver.ReceivedDelivery;
import dev.runhook.bootstrap.receiver.Receiver;
import dev.runhook.bootstrap.receiver.ReceiverBehavior;
import dev.runhook.bootstrap.setting.Version;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "listen",
    description =
        "Receives deliveries on this machine, verifies and prints them, and says why one does not"
            + " verify.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    footer = {
      "",
      "Exit code: 0 all that came with --once were verified, or it was ended by Ctrl-C; 1 one was"
          + " not; 2 wrong usage."
    })
final class ListenCommand implements Callable<Integer> {
  @Option(
      names = "--host",
      defaultValue = "127.0.0.1",
      paramLabel = "ADDRESS",
      description =
          "Address to listen on; 0.0.0.0 for all of this machine (default: ${DEFAULT-VALUE}).")
  private String host = "127.0.0.1";

  @Option(
      names = "--port",
      defaultValue = "9000",
      paramLabel = "PORT",
      description = "Port to listen on; 0 picks a free one (default: ${DEFAULT-VALUE}).")
  private int port = 9000;

  @ArgGroup(multiplicity = "1")
  private SecretOption secret = new SecretOption();

  @Mixin private ReceiverBehaviorOptions conduct = new ReceiverBehaviorOptions();

  @Option(
      names = "--once",
      arity = "0..1",
      fallbackValue = "1",
      paramLabel = "N",
      description = "Ends after one request, or after N.")
  private int once;

  @Option(
      names = "--json",
      description = "Prints one line of JSON for each delivery; all else goes to standard error.")
  private boolean json;

  @Spec private CommandSpec spec;

  ListenCommand() {
    this.spec = CommandSpec.create();
  }

  @Override
  public Integer call() throws InterruptedException {
    String text = usableSecret();
    ReceivedCounter receivedCounter = new ReceivedCounter(once);
    ReceiverBehavior all =
        conduct.behavior(spec, printer().andThen((delivery, _) -> receivedCounter.add(delivery)));
    try (Receiver receiver = Receiver.startWith(address(), text, receivedCounter.counting(all))) {
      greet(receiver);
      Thread atEnd = new Thread(() -> leave(receivedCounter), "stop");
      Runtime.getRuntime().addShutdownHook(atEnd);
      receivedCounter.awaitAll();
      Runtime.getRuntime().removeShutdownHook(atEnd);
    }
    return receivedCounter.allVerified() ? 0 : Main.EXIT_FAILURE;
  }

  private InetSocketAddress address() {
    try {
      return new InetSocketAddress(InetAddress.getByName(host), port);
    } catch (UnknownHostException _) {
      throw new ParameterException(
          spec.commandLine(), "--host is an address of this machine, not " + host);
    }
  }

  private String usableSecret() {
    if (port < 0 || port > 65_535) {
      throw new ParameterException(spec.commandLine(), "--port is 0 to 65535, not " + port);
    }
    boolean given = spec.commandLine().getParseResult().hasMatchedOption("--once");
    if (given && once < 1) {
      throw new ParameterException(spec.commandLine(), "--once is 1 or more, not " + once);
    }
    return secret.secret(spec);
  }

  private BiConsumer<ReceivedDelivery, DeliveryResponse> printer() {
    PrintWriter out = spec.commandLine().getOut();
    return json ? new JsonDeliveryPrinter(out)::print : new DeliveryPrinter(out)::print;
  }

  private void greet(Receiver receiver) {
    PrintWriter out = aside();
    out.println(
        "Listening at " + receiver.url() + "; give that as a webhook's endpoint. Ctrl-C ends it.");
    out.println(
        "The server calls this machine only if told so: RUNHOOK_ALLOWED_NETWORKS=127.0.0.0/8");
    out.flush();
  }

  /// Stopping when asked to is no failure.
  private void leave(ReceivedCounter receivedCounter) {
    aside().println();
    aside().println(receivedCounter.summary());
    aside().flush();
    Runtime.getRuntime().halt(0);
  }

  /// Where what is no delivery goes.
  private PrintWriter aside() {
    return json ? spec.commandLine().getErr() : spec.commandLine().getOut();
  }
}
