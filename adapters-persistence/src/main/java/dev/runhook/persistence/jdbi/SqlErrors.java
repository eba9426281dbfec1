package dev.runhook.persistence.jdbi;

import dev.runhook.application.StoreBusyException;
import dev.runhook.application.StoreUnavailableException;
import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientConnectionException;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// What the failures of a database mean, by their SQLState (PostgreSQL manual, appendix A).
public final class SqlErrors {
  private static final Set<String> LOST_RACES = Set.of("40001", "40P01");

  /// Lost connections, no resources, shutting down or starting up, sessions and statements ended by
  /// a timeout, and a server that has become a standby.
  private static final Set<String> UNAVAILABLE_CLASSES = Set.of("08", "53", "58");

  private static final Set<String> UNAVAILABLE =
      Set.of("57P01", "57P02", "57P03", "57P05", "25P03", "25P04", "25006", "57014");

  private static final String LOCK_NOT_AVAILABLE = "55P03";

  private SqlErrors() {}

  /// Whether the same work may well succeed if done again.
  public static boolean isRetryable(Throwable failure) {
    return anySql(failure, e -> e.getSQLState() != null && LOST_RACES.contains(e.getSQLState()));
  }

  /// A failure of the store itself as such; every other one as it is.
  public static RuntimeException translate(String doing, RuntimeException failure) {
    if (failure instanceof StoreUnavailableException) {
      return failure;
    }
    if (hasState(failure, LOCK_NOT_AVAILABLE)) {
      return new StoreBusyException(
          "the database waited too long for a lock while " + doing, failure);
    }
    return anySql(failure, SqlErrors::isUnavailable) ? unavailable(doing, failure) : failure;
  }

  static RuntimeException translate(String doing, SQLException failure) {
    return isUnavailable(failure)
        ? unavailable(doing, failure)
        : new IllegalStateException(doing + " failed", failure);
  }

  /// Whether a constraint of that name was violated.
  public static boolean violatesUnique(Throwable failure, String constraint) {
    return anySql(
        failure,
        e ->
            "23505".equals(e.getSQLState())
                && e.getMessage() != null
                && e.getMessage().contains("\"" + constraint + "\""));
  }

  public static boolean hasState(Throwable failure, String state) {
    return anySql(failure, e -> state.equals(e.getSQLState()));
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

  private static StoreUnavailableException unavailable(String doing, Throwable cause) {
    return new StoreUnavailableException("the database broke off " + doing, cause);
  }

  private static boolean anySql(Throwable failure, Predicate<SQLException> test) {
    return Stream.iterate(failure, e -> e != null, Throwable::getCause)
        .limit(20)
        .anyMatch(e -> e instanceof SQLException sql && test.test(sql));
  }
}
