package dev.runhook.bootstrap.cli.receiver;

import dev.runhook.bootstrap.cli.command.CliCommand;
import dev.runhook.bootstrap.cli.command.SecretOption;
import dev.runhook.bootstrap.setting.ConfigurationException;
import dev.runhook.diagnosis.receiver.DeliveryPrinter;
import dev.runhook.diagnosis.receiver.DeliveryResponse;
import dev.runhook.diagnosis.receiver.ForwardingBehavior;
import dev.runhook.diagnosis.receiver.ReceivedDelivery;
import dev.runhook.diagnosis.receiver.Receiver;
import dev.runhook.diagnosis.receiver.ReceiverBehavior;
import dev.runhook.domain.text.Durations;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "listen",
    description =
        "Runs a receiver that verifies and prints deliveries, names missing signatures, and"
            + " explains those that do not match.",
    footer =
        "Exit codes: 0 all deliveries of --once verified, or stopped by Ctrl-C; 1 some not verified;"
            + " 2 wrong usage.")
public final class ListenCommand extends CliCommand {
  private static final int MAX_PORT = 65_535;
  private static final int MIN_FAILURE_STATUS = 300;
  private static final int MAX_STATUS = 599;
  private static final int UNLIMITED = Integer.MAX_VALUE;

  private final AtomicInteger received = new AtomicInteger();
  private final AtomicInteger verified = new AtomicInteger();

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

  @Option(
      names = "--forward-to",
      paramLabel = "URL",
      description = "Forwards each delivery unchanged, and returns the response.")
  private @Nullable String forwardTo;

  @Option(
      names = "--fail",
      paramLabel = "STATUS",
      description = "Responds with this status, 300 to 599.")
  private @Nullable Integer fail;

  @Option(
      names = "--times",
      paramLabel = "N",
      description = "With --fail: only for the first N requests.")
  private int times = UNLIMITED;

  @Option(
      names = "--delay",
      paramLabel = "TIME",
      description = "Waits before each response, for example 2s or 500ms.")
  private @Nullable String delay;

  @Option(
      names = "--once",
      arity = "0..1",
      fallbackValue = "1",
      paramLabel = "N",
      description = "Exits after one request, or after N.")
  private int once = UNLIMITED;

  @Option(
      names = "--json",
      description = "Prints one line of JSON per delivery; everything else goes to standard error.")
  private boolean json;

  @Override
  public Integer call() throws InterruptedException {
    validate();
    CountDownLatch remaining = new CountDownLatch(once);
    try (Receiver receiver = start(remaining::countDown)) {
      printStartup(receiver);
      Thread shutdownHook = new Thread(this::printSummaryAndExit, "stop");
      Runtime.getRuntime().addShutdownHook(shutdownHook);
      remaining.await();
      Runtime.getRuntime().removeShutdownHook(shutdownHook);
    }
    return verified.get() == received.get() ? EXIT_SUCCESS : EXIT_FAILURE;
  }

  private Receiver start(Runnable onResponseSent) {
    try {
      return Receiver.startWith(address(), secret.secret(this), behavior(), onResponseSent);
    } catch (UncheckedIOException e) {
      throw new ConfigurationException(
          e.getCause() instanceof BindException
              ? "port %d is in use; set another one with --port (0 picks a free one)"
                  .formatted(port)
              : String.valueOf(e.getMessage()));
    }
  }

  private InetSocketAddress address() {
    try {
      return new InetSocketAddress(InetAddress.getByName(host), port);
    } catch (UnknownHostException _) {
      throw usageError("--host must be an address of this machine, not " + host);
    }
  }

  private void validate() {
    requireRange("--port", port, 0, MAX_PORT);
    requireRange("--once", once, 1, UNLIMITED);
    if (times != UNLIMITED && fail == null) {
      throw usageError("--times requires --fail");
    }
    requireRange("--times", times, 1, UNLIMITED);
    if (fail != null) {
      requireRange("--fail", fail, MIN_FAILURE_STATUS, MAX_STATUS);
    }
  }

  private ReceiverBehavior behavior() {
    String target = forwardTo;
    ReceiverBehavior behavior =
        target == null
            ? ReceiverBehavior.verifying()
            : parse("--forward-to ", () -> ForwardingBehavior.forwardingTo(target));
    if (fail != null) {
      behavior = behavior.failingFirst(times, fail);
    }
    behavior = behavior.notifying(printer().andThen((delivery, _) -> count(delivery)));
    String text = delay;
    return text == null
        ? behavior
        : behavior.delayed(parse("--delay ", () -> Durations.parse(text)));
  }

  private void count(ReceivedDelivery delivery) {
    received.incrementAndGet();
    if (delivery.verification().isVerified()) {
      verified.incrementAndGet();
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
  private void printSummaryAndExit() {
    messages().println();
    messages().println("Received " + received + ", verified " + verified + ".");
    messages().flush();
    Runtime.getRuntime().halt(0);
  }

  /// Returns the writer for everything except deliveries.
  private PrintWriter messages() {
    return json ? err() : out();
  }
}
