package dev.runhook.bootstrap.observe;

import dev.runhook.http.server.Readiness;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/// Reports the server as ready while it is neither starting nor shutting down, all of its loops
/// make progress, and a database responds and has its schema. With several databases, one suffices:
/// the stacks of the others can be served. Receivers do not matter: the server accepts reports
/// while a receiver is unavailable.
public final class ServerReadiness implements Readiness {
  private static final Duration TIMEOUT = Duration.ofMillis(1500);

  private final List<DatabaseMonitor> databases;
  private final Supplier<Optional<String>> findProblem;
  private volatile boolean started;
  private volatile boolean draining;

  /// @param findProblem returns why this process must be restarted
  public ServerReadiness(List<DatabaseMonitor> databases, Supplier<Optional<String>> findProblem) {
    this.databases = List.copyOf(databases);
    this.findProblem = findProblem;
  }

  /// Marks the server as started. Before that, it is not ready.
  public void start() {
    started = true;
  }

  public void drain() {
    draining = true;
  }

  @Override
  public List<Check> checks() {
    if (!started) {
      return List.of(new Check("server", false, "starting; waiting for the database"));
    }
    List<Check> checks = new ArrayList<>(List.of(checkServer()));
    List<CompletableFuture<List<Check>>> running =
        databases.stream().map(DatabaseMonitor::startChecks).toList();
    for (int i = 0; i < running.size(); i++) {
      checks.addAll(databases.get(i).await(running.get(i), TIMEOUT));
    }
    return List.copyOf(checks);
  }

  @Override
  public boolean isReady(List<Check> checks) {
    return checks.getFirst().ok()
        && databases.stream().anyMatch(database -> database.isUsable(checks));
  }

  private Check checkServer() {
    if (draining) {
      return new Check("server", false, "shutting down");
    }
    Optional<String> problem = findProblem.get();
    return new Check("server", problem.isEmpty(), problem.orElse("running"));
  }
}
