package dev.runhook.bootstrap;

import dev.runhook.bootstrap.receiver.DeliveryPrinter;
import dev.runhook.bootstrap.receiver.Receiver;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "listen",
    description = "Receives deliveries on this machine, verifies and prints them.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class ListenCommand implements Callable<Integer> {
  @Option(
      names = "--port",
      defaultValue = "9000",
      paramLabel = "PORT",
      description = "Port to listen on (${DEFAULT-VALUE}; 0 picks a free one).")
  private int port = 9000;

  @Option(
      names = "--secret",
      required = true,
      paramLabel = "S",
      description = "The webhook's secret.")
  private String secret = "";

  @Spec private CommandSpec spec;

  ListenCommand() {
    this.spec = CommandSpec.create();
  }

  @Override
  public Integer call() throws InterruptedException {
    if (port < 0 || port > 65_535) {
      throw new ParameterException(spec.commandLine(), "--port is 0 to 65535, not " + port);
    }
    if (secret.isBlank()) {
      throw new ParameterException(spec.commandLine(), "--secret is blank; the webhook shows it");
    }
    PrintWriter out = spec.commandLine().getOut();
    DeliveryPrinter printer = new DeliveryPrinter(out);
    try (Receiver receiver = Receiver.start(port, secret, printer::print)) {
      out.println(
          "Listening at "
              + receiver.url()
              + "; give that as a webhook's endpoint. Ctrl-C ends it.");
      out.println(
          "The server calls this machine only if told so: RUNHOOK_ALLOWED_NETWORKS=127.0.0.0/8");
      out.flush();
      new CountDownLatch(1).await();
    }
    return 0;
  }
}
