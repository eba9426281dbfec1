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

/// A Java process with the launcher's flags that reads commands from its input and writes responses
/// to its output, one per line. Not thread-safe.
public final class ChildProcess implements AutoCloseable {
  private final String name;
  private final Process process;
  private final BufferedReader output;
  private final BufferedWriter input;

  private ChildProcess(String name, Process process) {
    this.name = name;
    this.process = process;
    this.output = process.inputReader(StandardCharsets.UTF_8);
    this.input = process.outputWriter(StandardCharsets.UTF_8);
  }

  /// Describes the process to start.
  ///
  /// @param name names the process in error messages
  /// @param log receives the error output
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
      // stop the child even if this process is terminated
      Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
      return new ChildProcess(launchSpec.name(), process);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public long pid() {
    return process.pid();
  }

  /// Skips lines up to one that begins with the word, and returns the rest of that line.
  public String awaitLine(String word) {
    try {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        if (line.startsWith(word + " ") || line.equals(word)) {
          return line.substring(word.length()).strip();
        }
      }
      throw new IllegalStateException(name + " has exited; see its log");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Writes a line and waits for the response that begins with the word.
  public String request(String line, String word) {
    try {
      input.write(line);
      input.newLine();
      input.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(name + " no longer reads commands; see its log", e);
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
