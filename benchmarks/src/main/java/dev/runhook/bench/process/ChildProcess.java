package dev.runhook.bench.process;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// A Java process of ours with the flags that the launcher gives, which answers line by line what
/// it is told. Not for use by several threads.
public final class ChildProcess implements AutoCloseable {
  private final String name;
  private final Process process;
  private final BufferedReader answers;
  private final BufferedWriter orders;

  private ChildProcess(String name, Process process) {
    this.name = name;
    this.process = process;
    this.answers = process.inputReader(StandardCharsets.UTF_8);
    this.orders = process.outputWriter(StandardCharsets.UTF_8);
  }

  /// What to start.
  ///
  /// @param log gets what it says on its error stream
  public record LaunchSpec(
      String name,
      Class<?> main,
      List<String> arguments,
      Map<String, String> environment,
      Path log) {
    public LaunchSpec {
      arguments = List.copyOf(arguments);
      environment = Map.copyOf(environment);
    }
  }

  public static ChildProcess start(LaunchSpec launchSpec) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(JavaFlags.ofLauncher());
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), launchSpec.main().getName()));
    command.addAll(launchSpec.arguments());
    try {
      ProcessBuilder builder = new ProcessBuilder(command);
      builder.environment().putAll(launchSpec.environment());
      builder.redirectError(ProcessBuilder.Redirect.appendTo(launchSpec.log().toFile()));
      Process process = builder.start();
      // where this process is told to end, nothing of it stays behind
      Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
      return new ChildProcess(launchSpec.name(), process);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public long pid() {
    return process.pid();
  }

  /// The rest of the next line that begins with that word; others are skipped.
  public String awaitLine(String word) {
    try {
      for (String line = answers.readLine(); line != null; line = answers.readLine()) {
        if (line.startsWith(word + " ") || line.equals(word)) {
          return line.substring(word.length()).strip();
        }
      }
      throw new IllegalStateException(name + " ended; see its log");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Says a line, and awaits the answer that begins with that word.
  public String request(String line, String word) {
    try {
      orders.write(line);
      orders.newLine();
      orders.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(name + " does not listen any more; see its log", e);
    }
    return awaitLine(word);
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException _) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
