package dev.runhook.systemtests.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.runhook.systemtests.fixture.Ports;
import dev.runhook.systemtests.fixture.RunhookProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A newcomer's terminals, all in one folder where `./runhook` is. The ports that documents name
/// are others here, so that nobody who has something there is disturbed.
final class ShellSessions implements AutoCloseable {
  private static final String PRELUDE =
      "set -euo pipefail\ncurl() { command curl -sS --fail-with-body \"$@\"; echo; }\n";

  private final Path folder;
  private final String serverPort = String.valueOf(Ports.findFree());
  private final String receiverPort = String.valueOf(Ports.findFree());
  private final List<Process> running = new ArrayList<>();

  ShellSessions(Path folder) throws IOException {
    this.folder = folder;
    Path launcher = folder.resolve("runhook");
    Files.writeString(
        launcher,
        "#!/bin/sh\nexec '%s' \"$@\"%n".formatted(String.join("' '", RunhookProcess.command())));
    Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /// Starts it in a terminal of its own and waits until it says that it is ready; what it prints is
  /// in the file that is returned.
  Path startInBackground(CodeBlock codeBlock, String ready) throws IOException {
    Path output = folder.resolve("terminal-" + running.size());
    Process process = start(codeBlock.text(), output);
    running.add(process);
    await()
        .atMost(RunhookProcess.TIMEOUT)
        .until(() -> !process.isAlive() || Files.readString(output).contains(ready));
    assertThat(Files.readString(output)).as(codeBlock.location()).contains(ready);
    return output;
  }

  /// Runs the blocks in one terminal, one after the other; each command must succeed.
  void run(List<CodeBlock> blocks) throws IOException, InterruptedException {
    Path output = folder.resolve("terminal-of-commands");
    String all = String.join("\n", blocks.stream().map(CodeBlock::text).toList());
    Process process = start(PRELUDE + all, output);
    running.add(process);
    boolean ended = process.waitFor(RunhookProcess.TIMEOUT.toSeconds(), TimeUnit.SECONDS);
    assertThat(ended).as(Files.readString(output)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(output)).isZero();
  }

  private Process start(String script, Path output) throws IOException {
    String moved =
        script
            .replace("127.0.0.1:8080", "127.0.0.1:" + serverPort)
            .replace("127.0.0.1:9000", "127.0.0.1:" + receiverPort)
            .replace("--port 9000", "--port " + receiverPort);
    ProcessBuilder builder =
        new ProcessBuilder("bash", "-c", moved)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    RunhookProcess.removeSettings(builder.environment());
    builder.environment().put("RUNHOOK_PORT", serverPort);
    return builder.start();
  }

  /// Ends what was started, gently first: a server has a database to stop.
  @Override
  public void close() {
    for (Process process : running.reversed()) {
      List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
      all.add(process.toHandle());
      List<ProcessHandle> ours = all.stream().filter(ShellSessions::isShellOrJava).toList();
      ours.reversed().forEach(ProcessHandle::destroy);
      for (ProcessHandle each : all) {
        each.onExit().completeOnTimeout(each, 30, TimeUnit.SECONDS).join();
        each.destroyForcibly();
      }
    }
  }

  /// The database is the server's to end.
  private static boolean isShellOrJava(ProcessHandle process) {
    return process.info().command().map(command -> !command.contains("postgres")).orElse(true);
  }
}
