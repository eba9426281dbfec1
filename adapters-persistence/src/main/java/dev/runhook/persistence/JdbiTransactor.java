package dev.runhook.persistence;

import dev.runhook.application.spi.Transactor;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.persistence.jdbi.JdbiConfig;
import dev.runhook.persistence.jdbi.SqlErrors;
import dev.runhook.persistence.secret.SecretCipher;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/// Transactions on a PostgreSQL that [Schema] has prepared, at its usual level, read committed.
/// Thread-safe.
///
/// Work that lost against another transaction (deadlock, serialization failure) is begun anew from
/// the start, a few times: so it must not do anything outside of its unit that cannot be done
/// twice.
public final class JdbiTransactor implements Transactor {
  private static final int TRIES = 5;

  private final Jdbi jdbi;
  private final SecretCipher cipher;

  /// One that keeps secrets plain.
  ///
  /// @param dataSource best a pool; each transaction takes a connection of its own
  public JdbiTransactor(DataSource dataSource) {
    this(dataSource, SecretCipher.none());
  }

  /// @param dataSource best a pool; each transaction takes a connection of its own
  public JdbiTransactor(DataSource dataSource, SecretCipher cipher) {
    this.jdbi = JdbiConfig.create(dataSource);
    this.cipher = cipher;
  }

  /// One that keeps secrets plain.
  ///
  /// @param jdbi where connections come from; nothing else of it matters, nor is it changed
  public JdbiTransactor(Jdbi jdbi) {
    this(jdbi, SecretCipher.none());
  }

  /// @param jdbi where connections come from; nothing else of it matters, nor is it changed
  public JdbiTransactor(Jdbi jdbi, SecretCipher cipher) {
    this.jdbi = JdbiConfig.create(jdbi);
    this.cipher = cipher;
  }

  @Override
  public <T extends @Nullable Object> T inTransaction(Function<UnitOfWork, T> work) {
    for (int tried = 1; ; tried++) {
      try {
        return attempt(work);
      } catch (RuntimeException e) {
        if (!SqlErrors.isRetryable(e) || tried == TRIES) {
          throw SqlErrors.translate("a transaction", e);
        }
      }
    }
  }

  private <T extends @Nullable Object> T attempt(Function<UnitOfWork, T> work) {
    try (Handle handle = jdbi.open()) {
      handle.begin();
      T result = whileOpen(handle, work);
      handle.commit();
      return result;
    }
  }

  /// The handle rolls back by itself what was begun and not committed when it is closed; here it is
  /// done at once, so that this cannot hide why.
  private <T extends @Nullable Object> T whileOpen(Handle handle, Function<UnitOfWork, T> work) {
    JdbiUnitOfWork unit = JdbiUnitOfWork.on(handle, cipher);
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
