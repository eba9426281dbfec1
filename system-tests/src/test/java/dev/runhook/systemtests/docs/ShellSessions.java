package dev.runhook.systemtests.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.runhook.systemtests.fixture.Ports;
import dev.runhook.systemtests.fixture.RunhookProcess;
import dev.runhook.systemtests.fixture.ServerInstallation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Shells in a directory with `./runhook` and an empty database, as a new user would have them.
/// Replaces the ports that documents name with free ones.
final class ShellSessions implements AutoCloseable {
  private static final String PRELUDE =
      "set -euo pipefail\ncurl() { command curl -sS --fail-with-body \"$@\"; echo; }\n";

  private final Path folder;
  private final String serverPort = String.valueOf(Ports.findFree());
  private final String receiverPort = String.valueOf(Ports.findFree());
  private final List<Process> running = new ArrayList<>();

  ShellSessions(Path folder) throws IOException {
    this.folder = folder;
    ServerInstallation.createDataDirectory(folder.resolve("data"));
    Path launcher = folder.resolve("runhook");
    Files.writeString(
        launcher,
        "#!/bin/sh\nexec '%s' \"$@\"%n".formatted(String.join("' '", RunhookProcess.command())));
    Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /// Starts the block in its own shell and waits until it prints the given text.
  ///
  /// @return the file with the output
  Path startInBackground(CodeBlock block, String ready) throws IOException {
    Path output = folder.resolve("shell-" + running.size());
    Process process = start(block.text(), output);
    running.add(process);
    await()
        .atMost(RunhookProcess.TIMEOUT)
        .until(() -> !process.isAlive() || Files.readString(output).contains(ready));
    assertThat(Files.readString(output)).as(block.location()).contains(ready);
    return output;
  }

  /// Runs the blocks in sequence in one shell. Each command must succeed.
  void run(List<CodeBlock> blocks) throws IOException, InterruptedException {
    Path output = folder.resolve("shell-of-commands");
    String all = String.join("\n", blocks.stream().map(CodeBlock::text).toList());
    Process process = start(PRELUDE + all, output);
    running.add(process);
    boolean ended = process.waitFor(RunhookProcess.TIMEOUT.toSeconds(), TimeUnit.SECONDS);
    assertThat(ended).as(Files.readString(output)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(output)).isZero();
  }

  private Process start(String script, Path output) throws IOException {
    String adapted =
        script
            .replace("127.0.0.1:8080", "127.0.0.1:" + serverPort)
            .replace("127.0.0.1:9000", "127.0.0.1:" + receiverPort)
            .replace("--port 9000", "--port " + receiverPort);
    ProcessBuilder builder =
        new ProcessBuilder("bash", "-c", adapted)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    RunhookProcess.removeSettings(builder.environment());
    builder.environment().put("RUNHOOK_PORT", serverPort);
    builder.environment().put("XDG_CONFIG_HOME", folder.resolve("config").toString());
    return builder.start();
  }

  /// Ends all processes, gracefully first: a server stops its database.
  @Override
  public void close() {
    for (Process process : running.reversed()) {
      List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
      all.add(process.toHandle());
      List<ProcessHandle> shellsAndServers =
          all.stream().filter(ShellSessions::isShellOrJava).toList();
      shellsAndServers.reversed().forEach(ProcessHandle::destroy);
      for (ProcessHandle each : all) {
        each.onExit().completeOnTimeout(each, 30, TimeUnit.SECONDS).join();
        each.destroyForcibly();
      }
    }
  }

  /// Excludes the database, which its server ends.
  private static boolean isShellOrJava(ProcessHandle process) {
    return process.info().command().map(command -> !command.contains("postgres")).orElse(true);
  }
}
