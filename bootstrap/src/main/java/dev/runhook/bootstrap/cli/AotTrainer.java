package dev.runhook.bootstrap.cli;

import com.sun.net.httpserver.HttpServer;
import dev.runhook.bootstrap.cli.command.CliCommand;
import dev.runhook.diagnosis.receiver.Receiver;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;

/// The training run for the AOT cache of the commands that end soon. Runs some of them against an
/// imitation of a server in this process, without the settings and the login.
final class AotTrainer {
  /// Enough for the table of a list and for the id of a resource.
  private static final byte[] RESPONSE =
      "{\"id\":\"training\",\"items\":[{\"id\":\"training\"}]}".getBytes(StandardCharsets.UTF_8);

  private static final String SETUP = "stacks: [{id: training}]";
  private static final String SIGNATURE =
      "sha256=ba2ff297a30665bbeda958bc040e10fb8c0f369fe684e0c51ab0429dc2af8868";

  /// FILE is a file that contains the setup.
  private static final List<String> COMMANDS =
      List.of(
          "stacks list",
          "stacks create training",
          "runs list --output yaml",
          "runs get training training",
          "webhooks list --output json",
          "webhooks create training https://training.invalid",
          "account-webhooks list",
          "deliveries list",
          "tokens list",
          "report --stack training --run training --state QUEUED",
          "apply --file FILE",
          "verify --secret training --body FILE --signature " + SIGNATURE);

  private AotTrainer() {}

  public static void main(String[] arguments) throws IOException {
    if (!failed().isEmpty()) {
      System.exit(CliCommand.EXIT_FAILURE);
    }
  }

  /// Returns the commands that have failed.
  static List<String> failed() throws IOException {
    HttpServer server = HttpServer.create(Receiver.loopback(0), 0);
    Path setup = Files.createTempFile("runhook-training-", ".yaml");
    try {
      Files.writeString(setup, SETUP);
      server.createContext(
          "/",
          exchange -> {
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(200, RESPONSE.length);
            exchange.getResponseBody().write(RESPONSE);
            exchange.close();
          });
      server.start();
      Map<String, String> environment =
          Map.of(
              "RUNHOOK_URL",
              "http://127.0.0.1:" + server.getAddress().getPort(),
              "RUNHOOK_TOKEN",
              "training");
      List<String> failed = new ArrayList<>();
      for (String command : COMMANDS) {
        String[] arguments = command.replace("FILE", setup.toString()).split(" ");
        if (run(environment, arguments) != CliCommand.EXIT_SUCCESS) {
          failed.add(command);
        }
      }
      return failed;
    } finally {
      server.stop(0);
      Files.delete(setup);
    }
  }

  private static int run(Map<String, String> environment, String... arguments) {
    PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
    CommandLine line = Main.commandLine(environment, arguments);
    return line.setOut(nowhere).setErr(nowhere).execute(arguments);
  }
}
