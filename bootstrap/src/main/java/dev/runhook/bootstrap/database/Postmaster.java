package dev.runhook.bootstrap.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The PostgreSQL server of a data folder as its pid file tells of it, whoever started it.
record Postmaster(Path directory) {
  private static final Logger LOG = LoggerFactory.getLogger(Postmaster.class);
  private static final int PID_LINE = 0;
  private static final int PORT_LINE = 3;
  private static final Duration REMAINS = Duration.ofSeconds(30);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

  /// The process in the pid file, if there is one of that number.
  Optional<ProcessHandle> findProcess() {
    return line(PID_LINE).flatMap(pid -> ProcessHandle.of(Long.parseLong(pid)));
  }

  /// The port of a server that a killed process left running; a random port would have us wait for
  /// it in vain.
  Optional<Integer> findRunningPort() {
    return findProcess()
        .filter(Postmaster::isRunning)
        .flatMap(_ -> line(PORT_LINE))
        .map(Integer::valueOf);
  }

  /// A process that has ended counts as alive until its parent asks for its exit code, which in a
  /// container may be never; but it has no command any more.
  static boolean isRunning(ProcessHandle process) {
    return process.isAlive() && process.info().command().isPresent();
  }

  /// Waits for the end of a server that was killed: it leaves children that live on for a moment,
  /// and no other server starts meanwhile. A pid file that names a process which has ended for
  /// good, but is not buried, would keep the next server out for ever.
  void awaitTermination() {
    if (findProcess().filter(Postmaster::isRunning).isPresent()) {
      return;
    }
    long giveUpAt = System.nanoTime() + REMAINS.toNanos();
    while (childrenRun() && giveUpAt - System.nanoTime() > 0) {
      pause();
    }
    if (!childrenRun() && findProcess().isPresent()) {
      removePidFile();
    }
  }

  /// Where the programs of the server of that folder are.
  static Path binaries(Path folder) {
    return folder.resolveSibling("postgres-bin");
  }

  private boolean childrenRun() {
    Path binaries = binaries(directory);
    return ProcessHandle.allProcesses()
        .anyMatch(process ->
            process
                .info()
                .command()
                .filter(command -> Path.of(command).startsWith(binaries))
                .isPresent());
  }

  private Optional<String> line(int index) {
    try {
      List<String> lines = Files.exists(pidFile()) ? Files.readAllLines(pidFile()) : List.of();
      return lines.size() > index ? Optional.of(lines.get(index).strip()) : Optional.empty();
    } catch (IOException _) {
      return Optional.empty(); // it is being written or removed by the server
    }
  }

  private Path pidFile() {
    return directory.resolve("postmaster.pid");
  }

  private void removePidFile() {
    try {
      Files.deleteIfExists(pidFile());
    } catch (IOException e) {
      LOG.warn("{} could not be removed", pidFile(), e);
    }
  }

  private static void pause() {
    try {
      Thread.sleep(BETWEEN_LOOKS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
