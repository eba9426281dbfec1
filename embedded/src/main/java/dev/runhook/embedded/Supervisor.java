package dev.runhook.embedded;

import dev.runhook.application.spi.LoopMonitor;
import dev.runhook.application.spi.delivery.DispatchObserver;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Notices what a process cannot recover from: a loop that has stopped, and an [Error] in a loop or
/// on an executor. It logs the problem once and calls an action that can end the process.
///
/// Time is counted in checks, so a process that was suspended has not stopped. Thread-safe.
public final class Supervisor implements LoopMonitor {
  /// How often a timer calls [#check].
  static final Duration CHECK_INTERVAL = Duration.ofSeconds(5);

  private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);

  private final DispatchObserver observer;
  private final Runnable onFailure;

  /// How many checks each loop may still miss.
  private final Map<String, Long> checksLeft = new ConcurrentHashMap<>();

  private volatile Optional<String> error = Optional.empty();
  private volatile Optional<String> reported = Optional.empty();

  /// @param observer receives every error
  /// @param onFailure is called for every new problem, after it is logged
  Supervisor(DispatchObserver observer, Runnable onFailure) {
    this.observer = observer;
    this.onFailure = onFailure;
  }

  /// Returns why this process must be restarted: an error that it cannot recover from, or loops
  /// that have stopped and may go on.
  public Optional<String> findProblem() {
    return error.or(this::findStopped);
  }

  private Optional<String> findStopped() {
    String stopped =
        checksLeft.entrySet().stream()
            .filter(loop -> loop.getValue() == 0)
            .map(Map.Entry::getKey)
            .sorted()
            .collect(Collectors.joining(", "));
    return stopped.isEmpty() ? Optional.empty() : Optional.of("no progress of " + stopped);
  }

  @Override
  public void onRound(String loop, Duration limit) {
    checksLeft.put(loop, limit.dividedBy(CHECK_INTERVAL) + 1);
  }

  @Override
  public void onError(String loop, Error cause) {
    observer.onError(loop, cause);
    error = Optional.of("%s in %s".formatted(cause.getClass().getSimpleName(), loop));
    report(error, cause);
  }

  /// Looks for loops that have stopped.
  void check() {
    checksLeft.replaceAll((loop, left) -> Math.max(0, left - 1));
    report(findProblem(), null);
  }

  private void report(Optional<String> problem, @Nullable Error cause) {
    boolean isNew = !problem.equals(reported);
    reported = problem;
    if (problem.isEmpty() || !isNew) {
      return;
    }
    try {
      LOG.atError()
          .addKeyValue("problem", problem.get())
          .setCause(cause)
          .log("Runhook cannot go on; this process must be restarted");
    } finally { // even if there is no memory for the log
      onFailure.run();
    }
  }

  /// Returns an executor that reports the errors of its tasks, and those of starting threads.
  Executor supervise(String name, Executor executor) {
    return task -> reporting(name, () -> executor.execute(() -> reporting(name, task)));
  }

  private void reporting(String name, Runnable task) {
    try {
      task.run();
    } catch (Error e) {
      onError(name, e);
      throw e;
    }
  }
}
