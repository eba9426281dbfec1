package dev.runhook.bench.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// A server that was started with the launcher.
///
/// @param readyAfter the time from the command until the server reports that it is ready
public record LaunchedServer(Process process, Duration readyAfter) implements AutoCloseable {
  /// Starts a server and waits until it is ready.
  ///
  /// @param launcher the script `runhook`
  /// @param url the JDBC URL of the database
  public static LaunchedServer start(
      Path launcher, String url, Path folder, Map<String, String> environment) {
    try {
      ProcessBuilder builder = new ProcessBuilder(launcher.toString(), "serve");
      builder.environment().putAll(environment);
      builder.environment().put("RUNHOOK_DATABASE_URL", url);
      builder.environment().put("RUNHOOK_PORT", "0");
      builder.environment().put("RUNHOOK_RATE_LIMIT", "0");
      builder.environment().put("RUNHOOK_TRANSITION_RATE_LIMIT", "0");
      builder.environment().put("RUNHOOK_ADMIN_TOKEN", "bench-token-of-24-characters-or-more");
      builder.environment().put("RUNHOOK_DATA_DIR", folder.resolve("data").toString());
      builder.redirectError(
          ProcessBuilder.Redirect.appendTo(folder.resolve("startup.log").toFile()));
      long from = System.nanoTime();
      Process process = builder.start();
      awaitReady(process);
      return new LaunchedServer(process, Duration.ofNanos(System.nanoTime() - from));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The process id of the server, which is that of the launcher because the launcher uses `exec`.
  public long pid() {
    return process.pid();
  }

  private static void awaitReady(Process process) throws IOException {
    BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      if (line.contains("is ready at")) {
        return;
      }
    }
    throw new IllegalStateException("the server exited before it was ready");
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
