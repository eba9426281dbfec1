package dev.runhook.spring;

import dev.runhook.application.spi.StoreUnavailableException;
import dev.runhook.embedded.Runhook;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/// Checks the health of Runhook: down while its store cannot be reached, and if this process must
/// be restarted because a loop has stopped. Receivers do not matter: transitions are recorded while
/// a receiver is unavailable.
final class RunhookHealth {
  private RunhookHealth() {}

  /// @param <H> the health of the version of Spring Boot
  static <H> H check(
      Runhook runhook,
      Supplier<H> up,
      Function<String, H> problem,
      Function<Exception, H> unavailable) {
    try {
      runhook.transactor().inTransaction(unit -> unit.now());
      Optional<String> found = runhook.supervisor().findProblem();
      return found.map(problem).orElseGet(up);
    } catch (StoreUnavailableException e) {
      return unavailable.apply(e);
    }
  }
}
