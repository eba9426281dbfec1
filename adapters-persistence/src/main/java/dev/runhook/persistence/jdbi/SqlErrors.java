package dev.runhook.persistence.jdbi;

import dev.runhook.application.spi.StoreUnavailableException;
import dev.runhook.application.spi.StoreUnavailableException.StoreBusyException;
import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientConnectionException;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Interprets database errors by their SQLState (PostgreSQL manual, appendix A).
public final class SqlErrors {
  private static final int MAX_CAUSES = 20;
  private static final String UNIQUE_VIOLATION = "23505";
  private static final String LOCK_NOT_AVAILABLE = "55P03";

  /// Serialization failure and deadlock.
  private static final Set<String> RETRYABLE = Set.of("40001", "40P01");

  /// Connection failure, insufficient resources, system error.
  private static final Set<String> UNAVAILABLE_CLASSES = Set.of("08", "53", "58");

  /// Shutdown and startup, terminated sessions, timeouts, and a server that became a standby.
  private static final Set<String> UNAVAILABLE =
      Set.of("57P01", "57P02", "57P03", "57P05", "25P03", "25P04", "25006", "57014");

  private SqlErrors() {}

  /// Whether the same transaction is likely to succeed if it is run again.
  public static boolean isRetryable(Throwable failure) {
    return anySql(failure, e -> e.getSQLState() != null && RETRYABLE.contains(e.getSQLState()));
  }

  /// Returns a [StoreUnavailableException] if the database is unavailable or busy, otherwise the
  /// failure itself.
  ///
  /// @param operation completes "failed while", for example "joining a transaction"
  public static RuntimeException translate(String operation, RuntimeException failure) {
    if (failure instanceof StoreUnavailableException) {
      return failure;
    }
    if (hasState(failure, LOCK_NOT_AVAILABLE)) {
      return new StoreBusyException(
          "the database timed out waiting for a lock while " + operation, failure);
    }
    return anySql(failure, SqlErrors::isUnavailable)
        ? new StoreUnavailableException(
            "the database is unavailable; failed while " + operation, failure)
        : failure;
  }

  /// Runs the work and translates its failure as [#translate] does.
  public static <T> T translating(String operation, Supplier<T> work) {
    try {
      return work.get();
    } catch (RuntimeException e) {
      throw translate(operation, e);
    }
  }

  /// Whether the unique constraint with that name was violated. Citus appends a number to it.
  public static boolean violatesUnique(Throwable failure, String constraint) {
    Predicate<String> names = Pattern.compile("\"" + constraint + "(_\\d+)?\"").asPredicate();
    return hasState(failure, UNIQUE_VIOLATION)
        && anySql(failure, e -> names.test(String.valueOf(e.getMessage())));
  }

  public static boolean hasState(Throwable failure, String state) {
    return anySql(failure, e -> state.equals(e.getSQLState()));
  }

  /// Returns the first line of the database's message.
  public static Optional<String> findMessage(Throwable failure) {
    return sqlCauses(failure)
        .findFirst()
        .flatMap(e -> String.valueOf(e.getMessage()).lines().findFirst());
  }

  private static boolean isUnavailable(SQLException e) {
    if (e instanceof SQLTransientConnectionException || e instanceof SQLRecoverableException) {
      return true;
    }
    String state = e.getSQLState();
    return state != null
        && (UNAVAILABLE.contains(state)
            || UNAVAILABLE_CLASSES.stream().anyMatch(state::startsWith));
  }

  private static boolean anySql(Throwable failure, Predicate<SQLException> test) {
    return sqlCauses(failure).anyMatch(test);
  }

  private static Stream<SQLException> sqlCauses(Throwable failure) {
    return Stream.iterate(failure, e -> e != null, Throwable::getCause)
        .limit(MAX_CAUSES)
        .filter(SQLException.class::isInstance)
        .map(SQLException.class::cast);
  }
}
