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
import picocli.CommandLine.Spec;

@Command(
    name = "listen",
    description =
        "Runs a receiver that verifies and prints deliveries, and explains signatures that do not"
            + " match.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    footer = {
      "",
      "Exit codes: 0 all deliveries of --once verified, or stopped by Ctrl-C; 1 some not verified;"
          + " 2 wrong usage."
    })
final class ListenCommand implements Callable<Integer> {
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

  @Spec private CommandSpec spec;

  ListenCommand() {
    this.spec = CommandSpec.create();
  }

  @Override
  public Integer call() throws InterruptedException {
    validate();
    ReceivedCounter counter = new ReceivedCounter(once);
    ReceiverBehavior behavior =
        behaviorOptions.behavior(spec, printer().andThen((delivery, _) -> counter.add(delivery)));
    try (Receiver receiver =
        Receiver.startWith(address(), secret.secret(spec), counter.counting(behavior))) {
      printStartup(receiver);
      Thread shutdownHook = new Thread(() -> printSummaryAndExit(counter), "stop");
      Runtime.getRuntime().addShutdownHook(shutdownHook);
      counter.awaitAll();
      Runtime.getRuntime().removeShutdownHook(shutdownHook);
    }
    return counter.allVerified() ? 0 : Main.EXIT_FAILURE;
  }

  private InetSocketAddress address() {
    try {
      return new InetSocketAddress(InetAddress.getByName(host), port);
    } catch (UnknownHostException _) {
      throw UsageErrors.of(spec, "--host must be an address of this machine, not " + host);
    }
  }

  private void validate() {
    if (port < 0 || port > MAX_PORT) {
      throw UsageErrors.of(spec, "--port must be 0 to " + MAX_PORT + ", not " + port);
    }
    if (spec.commandLine().getParseResult().hasMatchedOption("--once") && once < 1) {
      throw UsageErrors.of(spec, "--once must be 1 or more, not " + once);
    }
  }

  private BiConsumer<ReceivedDelivery, DeliveryResponse> printer() {
    PrintWriter out = spec.commandLine().getOut();
    return json ? new JsonDeliveryPrinter(out)::print : new DeliveryPrinter(out)::print;
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
    return json ? spec.commandLine().getErr() : spec.commandLine().getOut();
  }
}
