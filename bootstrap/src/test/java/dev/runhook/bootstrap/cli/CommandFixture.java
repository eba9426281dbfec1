package dev.runhook.bootstrap.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine;

/// Runs commands in this process, with their own environment.
final class CommandFixture {
  final Map<String, String> environment = new HashMap<>();
  private StringWriter out = new StringWriter();
  private StringWriter err = new StringWriter();

  /// Makes the commands use a server.
  void signIn(InMemoryServer server) {
    environment.put("RUNHOOK_URL", server.url());
    environment.put("RUNHOOK_TOKEN", InMemoryServer.ADMIN);
  }

  /// Repeats an action until the thread is interrupted.
  static Thread repeat(Runnable action) {
    return Thread.ofVirtual()
        .start(() -> {
          while (!Thread.currentThread().isInterrupted()) {
            action.run();
            LockSupport.parkNanos(1_000_000);
          }
        });
  }

  JsonNode json(String... arguments) throws IOException {
    return new ObjectMapper().readTree(run(arguments));
  }

  /// Runs a command that has to succeed, and returns what it prints.
  String run(String... arguments) {
    assertThat(exitCode(arguments)).as(err()).isZero();
    return out();
  }

  List<String> lines(String... arguments) {
    return run(arguments).lines().toList();
  }

  int exitCode(String... arguments) {
    out = new StringWriter();
    err = new StringWriter();
    CommandLine commandLine = Main.commandLine(Map.copyOf(environment));
    commandLine.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    return commandLine.execute(arguments);
  }

  String out() {
    return out.toString().strip();
  }

  String err() {
    return err.toString().strip();
  }
}
