package dev.runhook.http.server;

import java.util.List;

/// Reports whether this process can do its work now, for `/health/ready`.
public interface Readiness {
  /// The result for one dependency, such as the database.
  ///
  /// @param detail what is wrong and how to fix it, or a short note if nothing is wrong
  record Check(String name, boolean ok, String detail) {}

  /// Runs all checks. Must return quickly, because a probe waits for the result.
  List<Check> checks();

  /// Whether the process can do its work, according to these checks.
  default boolean isReady(List<Check> checks) {
    return checks.stream().allMatch(Check::ok);
  }
}
