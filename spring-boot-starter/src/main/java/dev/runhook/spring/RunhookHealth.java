package dev.runhook.spring;

import dev.runhook.application.spi.StoreUnavailableException;
import dev.runhook.embedded.Runhook;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Checks the health of Runhook: down while its store cannot be reached, and if this process must
/// be restarted because a loop has stopped. It stays up if a receiver is unavailable or deliveries
/// lag, because transitions are still recorded. The lag is a detail, if there are metrics.
final class RunhookHealth {
  private RunhookHealth() {}

  /// @param <H> the health of the version of Spring Boot
  /// @param up creates it from its details
  /// @param down creates it from its details
  static <H> H check(
      Runhook runhook, Function<Map<String, Object>, H> up, Function<Map<String, Object>, H> down) {
    try {
      runhook.transactor().inTransaction(unit -> unit.now());
    } catch (StoreUnavailableException e) {
      return down.apply(Map.of("error", String.valueOf(e.getMessage())));
    }
    Map<String, Object> details = new HashMap<>();
    runhook.lag().map(Duration::toMillis).ifPresent(lag -> details.put("lagMillis", lag));
    Optional<String> problem = runhook.supervisor().findProblem();
    problem.ifPresent(text -> details.put("problem", text));
    return (problem.isPresent() ? down : up).apply(details);
  }
}
