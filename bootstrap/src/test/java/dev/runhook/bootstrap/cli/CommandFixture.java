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
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;

/// Runs commands in this process, with their own environment.
final class CommandFixture {
  final Map<String, String> environment = new HashMap<>();
  private StringWriter out = new StringWriter();
  private StringWriter err = new StringWriter();

  /// Makes the commands use a server.
  void signIn(ServerFixture server) {
    environment.put("RUNHOOK_URL", server.url());
    environment.put("RUNHOOK_TOKEN", ServerFixture.ADMIN);
  }

  /// Repeats an action until the executor is closed, which waits for its end.
  static ExecutorService repeat(Runnable action) {
    ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
    var _ = executor.scheduleWithFixedDelay(action, 0, 1, TimeUnit.MILLISECONDS);
    return executor;
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
    CommandLine commandLine = Main.commandLine(Map.copyOf(environment), arguments);
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
