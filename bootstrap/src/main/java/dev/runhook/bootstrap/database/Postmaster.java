package dev.runhook.bootstrap.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The PostgreSQL server of a directory, as described by its pid file, regardless of who started
/// it.
record Postmaster(Path directory) {
  private static final Logger LOG = LoggerFactory.getLogger(Postmaster.class);
  private static final int PID_LINE = 0;
  private static final int PORT_LINE = 3;
  private static final Duration TERMINATION_TIMEOUT = Duration.ofSeconds(30);
  private static final Duration CHECK_INTERVAL = Duration.ofMillis(100);

  /// Returns the process that the pid file names, if it exists.
  Optional<ProcessHandle> findProcess() {
    return line(PID_LINE).flatMap(pid -> ProcessHandle.of(Long.parseLong(pid)));
  }

  /// Returns the port of the running server. It cannot be reached on any other port. After a
  /// reboot, the pid file can name an unrelated process.
  Optional<Integer> findRunningPort() {
    return findProcess()
        .filter(this::isPostgres)
        .flatMap(_ -> line(PORT_LINE))
        .map(Integer::valueOf);
  }

  /// Returns whether the process is running. A zombie counts as alive until its parent collects the
  /// exit code, which may never happen in a container, but it has no command.
  static boolean isRunning(ProcessHandle process) {
    return process.isAlive() && process.info().command().isPresent();
  }

  /// Waits for the children of a killed server, because no new server can start while they run.
  /// Then removes the pid file if it names a zombie process, which would block the next server
  /// forever.
  void awaitTermination() {
    if (findProcess().filter(Postmaster::isRunning).isPresent()) {
      return;
    }
    long deadline = System.nanoTime() + TERMINATION_TIMEOUT.toNanos();
    while (hasRunningChildren() && deadline - System.nanoTime() > 0) {
      LockSupport.parkNanos(CHECK_INTERVAL.toNanos());
    }
    if (!hasRunningChildren() && findProcess().isPresent()) {
      removePidFile();
    }
  }

  static Path binaries(Path directory) {
    return directory.resolveSibling("postgres-bin");
  }

  private boolean hasRunningChildren() {
    return ProcessHandle.allProcesses().anyMatch(this::isPostgres);
  }

  /// Returns whether the process is running and was started from the unpacked programs.
  private boolean isPostgres(ProcessHandle process) {
    try {
      Path binaries = binaries(directory).toRealPath();
      return process
          .info()
          .command()
          .filter(path -> Path.of(path).startsWith(binaries))
          .isPresent();
    } catch (IOException _) {
      return false; // nothing is unpacked
    }
  }

  private Optional<String> line(int index) {
    try {
      List<String> lines = Files.exists(pidFile()) ? Files.readAllLines(pidFile()) : List.of();
      return lines.size() > index ? Optional.of(lines.get(index).strip()) : Optional.empty();
    } catch (IOException _) {
      return Optional.empty(); // the server is writing or removing it
    }
  }

  private Path pidFile() {
    return directory.resolve("postmaster.pid");
  }

  private void removePidFile() {
    try {
      Files.deleteIfExists(pidFile());
    } catch (IOException e) {
      LOG.warn("cannot delete {}", pidFile(), e);
    }
  }
}
