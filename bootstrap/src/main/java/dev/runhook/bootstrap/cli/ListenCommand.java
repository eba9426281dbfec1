package dev.runhook.bootstrap.cli;

import dev.runhook.bootstrap.receiver.DeliveryPrinter;
import dev.runhook.bootstrap.receiver.DeliveryResponse;
import dev.runhook.bootstrap.receiver.ReceivedDelivery;
import dev.runhook.bootstrap.receiver.Receiver;
import dev.runhook.bootstrap.receiver.ReceiverBehavior;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.function.BiConsumer;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "listen",
    description =
        "Runs a receiver that verifies and prints deliveries, and explains signatures that do not"
            + " match.",
    footer = {
      "",
      "Exit codes: 0 all deliveries of --once verified, or stopped by Ctrl-C; 1 some not verified;"
          + " 2 wrong usage."
    })
final class ListenCommand extends CliCommand {
  private static final int MAX_PORT = 65_535;

  @Option(
      names = "--host",
      defaultValue = "127.0.0.1",
      paramLabel = "ADDRESS",
      description = "Address to listen on; 0.0.0.0 for all addresses (default: ${DEFAULT-VALUE}).")
  private String host = "127.0.0.1";

  @Option(
      names = "--port",
      defaultValue = "9000",
      paramLabel = "PORT",
      description = "Port to listen on; 0 picks a free one (default: ${DEFAULT-VALUE}).")
  private int port = 9000;

  @ArgGroup(multiplicity = "1")
  private SecretOption secret = new SecretOption();

  @Mixin private ReceiverBehaviorOptions behaviorOptions = new ReceiverBehaviorOptions();

  @Option(
      names = "--once",
      arity = "0..1",
      fallbackValue = "1",
      paramLabel = "N",
      description = "Exits after one request, or after N.")
  private int once;

  @Option(
      names = "--json",
      description = "Prints one line of JSON per delivery; everything else goes to standard error.")
  private boolean json;

  @Override
  public Integer call() throws InterruptedException {
    validate();
    ReceivedCounter counter = new ReceivedCounter(once);
    ReceiverBehavior behavior =
        behaviorOptions.behavior(this, printer().andThen((delivery, _) -> counter.add(delivery)));
    try (Receiver receiver =
        Receiver.startWith(address(), secret.secret(this), counter.counting(behavior))) {
      printStartup(receiver);
      Thread shutdownHook = new Thread(() -> printSummaryAndExit(counter), "stop");
      Runtime.getRuntime().addShutdownHook(shutdownHook);
      counter.awaitAll();
      Runtime.getRuntime().removeShutdownHook(shutdownHook);
    }
    return counter.allVerified() ? EXIT_SUCCESS : EXIT_FAILURE;
  }

  private InetSocketAddress address() {
    try {
      return new InetSocketAddress(InetAddress.getByName(host), port);
    } catch (UnknownHostException _) {
      throw usageError("--host must be an address of this machine, not " + host);
    }
  }

  private void validate() {
    if (port < 0 || port > MAX_PORT) {
      throw usageError("--port must be 0 to " + MAX_PORT + ", not " + port);
    }
    if (isSet("--once") && once < 1) {
      throw usageError("--once must be 1 or more, not " + once);
    }
  }

  private BiConsumer<ReceivedDelivery, DeliveryResponse> printer() {
    DeliveryPrinter printer = new DeliveryPrinter(out());
    return json ? printer::printJson : printer::print;
  }

  private void printStartup(Receiver receiver) {
    PrintWriter out = messages();
    out.println("Listening at " + receiver.url() + "; use this URL as the endpoint. Ctrl-C stops.");
    out.println("The server calls this machine only with RUNHOOK_ALLOWED_NETWORKS=127.0.0.0/8");
    out.flush();
  }

  /// Exits with 0, because a requested stop is not a failure.
  private void printSummaryAndExit(ReceivedCounter counter) {
    messages().println();
    messages().println(counter.summary());
    messages().flush();
    Runtime.getRuntime().halt(0);
  }

  /// Returns the writer for everything except deliveries.
  private PrintWriter messages() {
    return json ? err() : out();
  }
}
