package dev.runhook.persistence;

import dev.runhook.application.spi.StoreUnavailableException;
import dev.runhook.application.spi.Transactor;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.persistence.jdbi.BucketSchema;
import dev.runhook.persistence.jdbi.CitusDetection;
import dev.runhook.persistence.jdbi.JdbiFactory;
import dev.runhook.persistence.jdbi.SqlErrors;
import dev.runhook.persistence.run.KnownRuns;
import dev.runhook.persistence.secret.SecretCipher;
import java.util.Optional;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/// Runs transactions on a PostgreSQL database that `Schema` has migrated, at the isolation level
/// read committed. Thread-safe.
///
/// A transaction that fails with a deadlock or a serialization failure is run again, up to four
/// times. Its work must not have side effects outside the unit of work that cannot be repeated.
public final class JdbiTransactor implements Transactor {
  private static final int MAX_TRIES = 5;

  private final Jdbi jdbi;

  /// Contains the other buckets; absent if there are none.
  private final Optional<DataSource> shared;

  private final SecretCipher cipher;
  private final KnownRuns known;

  /// Stores secrets as plaintext.
  ///
  /// @param dataSource preferably a pool, because each transaction takes a connection
  public JdbiTransactor(DataSource dataSource) {
    this(dataSource, SecretCipher.none());
  }

  /// @param dataSource preferably a pool, because each transaction takes a connection
  public JdbiTransactor(DataSource dataSource, SecretCipher cipher) {
    this(dataSource, cipher, BucketSchema.ONLY);
  }

  /// @param dataSource preferably a pool, because each transaction takes a connection
  /// @param schema contains the tables
  public JdbiTransactor(DataSource dataSource, SecretCipher cipher, BucketSchema schema) {
    this.jdbi = JdbiFactory.create(dataSource, schema);
    this.shared = Optional.of(dataSource).filter(ignored -> schema.buckets().count() > 1);
    this.cipher = cipher;
    this.known = KnownRuns.ofOneOf(schema.buckets());
  }

  /// Stores secrets as plaintext.
  ///
  /// @param jdbi provides connections; its configuration is neither used nor changed
  public JdbiTransactor(Jdbi jdbi) {
    this(jdbi, SecretCipher.none());
  }

  /// @param jdbi provides connections; its configuration is neither used nor changed
  public JdbiTransactor(Jdbi jdbi, SecretCipher cipher) {
    this.jdbi = JdbiFactory.create(jdbi);
    this.shared = Optional.empty();
    this.cipher = cipher;
    this.known = new KnownRuns();
  }

  @Override
  public <T extends @Nullable Object> T inTransaction(Function<UnitOfWork, T> work) {
    return this.<T>retrying(work, false);
  }

  @Override
  public <T extends @Nullable Object> T inSnapshot(Function<UnitOfWork, T> work) {
    return this.<T>retrying(work, true);
  }

  /// The buckets of a data source are on one server, except those of Citus, which divides them over
  /// several. While the database is unavailable, each bucket counts as one of them.
  @Override
  public Object server() {
    try {
      return shared.isEmpty() || CitusDetection.isInstalled(jdbi) ? this : shared.get();
    } catch (StoreUnavailableException ignored) {
      return this;
    }
  }

  private <T extends @Nullable Object> T retrying(
      Function<UnitOfWork, T> work, boolean onSnapshot) {
    for (int tries = 1; ; tries++) {
      try {
        return this.<T>tryOnce(work, onSnapshot);
      } catch (RuntimeException e) {
        if (!SqlErrors.isRetryable(e) || tries == MAX_TRIES) {
          throw SqlErrors.translate("running a transaction", e);
        }
      }
    }
  }

  private <T extends @Nullable Object> T tryOnce(Function<UnitOfWork, T> work, boolean onSnapshot) {
    try (Handle handle = jdbi.open()) {
      handle.begin();
      if (onSnapshot) {
        handle.execute("set transaction isolation level repeatable read, read only");
      }
      JdbiUnitOfWork unit = new JdbiUnitOfWork(handle, () -> false, cipher, known);
      T result = run(handle, unit, work);
      handle.commit();
      unit.afterCommit();
      return result;
    }
  }

  /// Rolls back explicitly. The rollback on close would hide the original exception if it failed.
  private <T extends @Nullable Object> T run(
      Handle handle, JdbiUnitOfWork unit, Function<UnitOfWork, T> work) {
    try {
      return work.apply(unit);
    } catch (Throwable thrown) {
      try {
        handle.rollback();
      } catch (RuntimeException e) {
        thrown.addSuppressed(e);
      }
      throw thrown;
    } finally {
      unit.end();
    }
  }
}
