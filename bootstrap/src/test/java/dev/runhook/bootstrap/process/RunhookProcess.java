package dev.runhook.bootstrap.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.core.ConditionTimeoutException;

/// `java -jar runhook.jar …` as a process of its own, with nothing of our environment that could
/// set it up.
public final class RunhookProcess {
  public static final Duration PATIENCE = Duration.ofMinutes(4);
  private static final Pattern READY = Pattern.compile("is ready at (http://\\S+)");
  private static final Pattern TOKEN = Pattern.compile("admin token {2}(rhk_\\w+) ");
  private static final List<String> OPTIONS =
      List.of(
          "-XX:+UseSerialGC",
          "-Xmx512m",
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow");

  /// A process that lives for seconds has nothing of a compiler that takes its time.
  private static final List<String> SHORT_LIVED = List.of("-XX:TieredStopAtLevel=1");

  private final Process process;
  private final Output out;
  private final Output err;

  private RunhookProcess(Process process) {
    this.process = process;
    this.out = Output.of(process.getInputStream());
    this.err = Output.of(process.getErrorStream());
  }

  /// @param folder where it is started, and finds no `runhook.properties`
  static RunhookProcess start(Path folder, List<String> arguments, Map<String, String> settings) {
    return start(folder, program(), arguments, settings);
  }

  /// The words of a command that lack the arguments.
  public static List<String> program() {
    List<String> command = new ArrayList<>(java());
    command.addAll(Prepared.options());
    command.addAll(List.of("-jar", built("runhook.jar")));
    return List.copyOf(command);
  }

  /// Java as the program runs on it; in the long form of the suites, with all that compiles.
  static List<String> java() {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(OPTIONS);
    command.addAll(Suite.isLong() ? List.of() : SHORT_LIVED);
    return List.copyOf(command);
  }

  /// The product that halts itself at that point.
  static RunhookProcess startDoomed(
      Path folder, FailPoint point, int hit, Map<String, String> settings) {
    List<String> program = new ArrayList<>(java());
    program.addAll(Prepared.options());
    program.addAll(
        List.of(
            "-D" + FailPoint.NAME + "=" + point,
            "-D" + FailPoint.HIT + "=" + hit,
            "-cp",
            built("runhook.jar") + File.pathSeparator + built("test-classes"),
            DoomedMain.class.getName()));
    return start(folder, program, List.of("serve"), settings);
  }

  private static String built(String what) {
    return Path.of("target", what).toAbsolutePath().toString();
  }

  private static RunhookProcess start(
      Path folder, List<String> program, List<String> arguments, Map<String, String> settings) {
    List<String> command = new ArrayList<>(program);
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    clear(builder.environment());
    builder.environment().putAll(settings);
    try {
      return new RunhookProcess(builder.start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Takes from an environment what would set the program up.
  public static void clear(Map<String, String> environment) {
    environment.keySet().removeIf(name -> name.startsWith("RUNHOOK_") || name.contains("JAVA"));
  }

  /// Waits for the line that says so.
  public RunhookProcess awaitReady() {
    awaitLine(READY);
    return this;
  }

  public String url() {
    return awaitLine(READY).group(1);
  }

  /// The token that is printed once, at the first start on a data folder.
  String newToken() {
    return awaitLine(TOKEN).group(1);
  }

  /// Waits for a line of standard output.
  Matcher awaitLine(Pattern pattern) {
    return awaitLine(out, pattern);
  }

  /// Waits for a line of the log.
  Matcher awaitLogged(Pattern pattern) {
    return awaitLine(err, pattern);
  }

  private Matcher awaitLine(Output output, Pattern pattern) {
    try {
      await()
          .pollInterval(Duration.ofMillis(20))
          .atMost(PATIENCE)
          .until(() -> output.hasEnded() || output.find(pattern).findAny().isPresent());
    } catch (ConditionTimeoutException _) {
      return fail("no line with \"%s\" in time%n%s".formatted(pattern, everything()));
    }
    return output
        .find(pattern)
        .findFirst()
        .orElseGet(
            () -> fail("ended without a line with \"%s\"%n%s".formatted(pattern, everything())));
  }

  /// Waits until it ends by itself; its exit code.
  int awaitExit() {
    try {
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        return fail("it did not end in time%n%s".formatted(everything()));
      }
      await().atMost(PATIENCE).until(() -> out.hasEnded() && err.hasEnded());
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /// SIGTERM.
  void signalToEnd() {
    process.destroy();
  }

  /// SIGTERM, and what comes of it.
  public int terminate() {
    signalToEnd();
    return awaitExit();
  }

  /// SIGKILL: no code of it runs any more when this returns.
  public void kill() {
    process.destroyForcibly().onExit().join();
  }

  /// SIGSTOP: it stands still, connections and all.
  void freeze() {
    signal("-STOP");
  }

  /// SIGCONT.
  void thaw() {
    signal("-CONT");
  }

  private void signal(String name) {
    try {
      int code = new ProcessBuilder("kill", name, Long.toString(process.pid())).start().waitFor();
      assertThat(code).as("kill %s", name).isZero();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  public long pid() {
    return process.pid();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  Output out() {
    return out;
  }

  Output err() {
    return err;
  }

  /// All that it printed, to see what went wrong.
  public String everything() {
    return "--- standard output\n" + out.text() + "\n--- standard error\n" + err.text();
  }
}
