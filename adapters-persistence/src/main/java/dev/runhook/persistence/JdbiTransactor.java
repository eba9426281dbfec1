package dev.runhook.persistence;

import dev.runhook.application.spi.Bucket;
import dev.runhook.application.spi.Buckets;
import dev.runhook.application.spi.StoreUnavailableException;
import dev.runhook.application.spi.Transactor;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.persistence.jdbi.BucketSchema;
import dev.runhook.persistence.jdbi.CitusDetection;
import dev.runhook.persistence.jdbi.JdbiFactory;
import dev.runhook.persistence.jdbi.SqlErrors;
import dev.runhook.persistence.run.KnownRuns;
import dev.runhook.persistence.secret.SecretCipher;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.postgresql.core.BaseConnection;

/// Runs transactions on a PostgreSQL database that `Schema` has migrated, at the isolation level
/// read committed. Thread-safe.
///
/// A transaction that fails with a deadlock or a serialization failure is run again, up to four
/// times. Its work must not have side effects outside the unit of work that cannot be repeated.
public final class JdbiTransactor implements Transactor {
  private static final int MAX_TRIES = 5;

  private final Jdbi jdbi;
  private final int number;

  /// The first bucket of the same data source.
  private final JdbiTransactor first;

  private final SecretCipher cipher;
  private final KnownRuns known;

  /// The connections whose transactions begin at that isolation level.
  private final Set<Connection> readCommitted =
      Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

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
    this(dataSource, cipher, schema, Optional.empty());
  }

  private JdbiTransactor(
      DataSource dataSource,
      SecretCipher cipher,
      BucketSchema schema,
      Optional<JdbiTransactor> first) {
    this.jdbi = JdbiFactory.create(dataSource, schema);
    this.number = schema.number();
    this.first = first.orElse(this);
    this.cipher = cipher;
    this.known = KnownRuns.ofOneOf(schema.buckets());
  }

  /// Returns one for each bucket, in the order of their numbers.
  ///
  /// @param dataSources that of each bucket; equal ones are one server
  public static List<JdbiTransactor> ofBuckets(
      List<? extends DataSource> dataSources, SecretCipher cipher) {
    Map<DataSource, JdbiTransactor> first = new HashMap<>();
    List<JdbiTransactor> all = new ArrayList<>();
    for (BucketSchema schema : BucketSchema.all(new Buckets(dataSources.size()))) {
      DataSource source = dataSources.get(schema.number());
      JdbiTransactor bucket =
          new JdbiTransactor(source, cipher, schema, Optional.ofNullable(first.get(source)));
      first.putIfAbsent(source, bucket);
      all.add(bucket);
    }
    return all;
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
    this.number = 0;
    this.first = this;
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

  @Override
  public int number() {
    return number;
  }

  /// The buckets of a data source are on one server, except those of Citus, which divides them over
  /// several. While the database is unavailable, each bucket counts as one of them.
  @Override
  public Bucket server() {
    try {
      return first == this || CitusDetection.isInstalled(jdbi) ? this : first;
    } catch (StoreUnavailableException ignored) {
      return this;
    }
  }

  private <T extends @Nullable Object> T retrying(
      Function<UnitOfWork, T> work, boolean onSnapshot) {
    for (int tries = 1; ; tries++) {
      try {
        return this.<T>tryOnce(work, onSnapshot);
      } catch (SQLException e) {
        throw SqlErrors.translate(
            "running a transaction", new IllegalStateException("the connection is not usable", e));
      } catch (RuntimeException e) {
        if (!SqlErrors.isRetryable(e) || tries == MAX_TRIES) {
          throw SqlErrors.translate("running a transaction", e);
        }
      }
    }
  }

  private <T extends @Nullable Object> T tryOnce(Function<UnitOfWork, T> work, boolean onSnapshot)
      throws SQLException {
    try (Handle handle = jdbi.open()) {
      handle.begin();
      if (onSnapshot) {
        handle.execute("set transaction isolation level repeatable read, read only");
      } else if (!isReadCommittedByDefault(handle)) {
        handle.execute("set transaction isolation level read committed");
      }
      JdbiUnitOfWork unit = new JdbiUnitOfWork(handle, () -> false, cipher, known);
      T result = run(handle, unit, work);
      handle.commit();
      unit.afterCommit();
      return result;
    }
  }

  /// A pool, a role or a database can have another default. It is read once for each connection to
  /// the server.
  private boolean isReadCommittedByDefault(Handle handle) throws SQLException {
    Connection connection = handle.getConnection().unwrap(BaseConnection.class);
    if (readCommitted.contains(connection)) {
      return true;
    }
    boolean isDefault = JdbiUnitOfWork.isolationLevel(handle).equals(JdbiUnitOfWork.READ_COMMITTED);
    if (isDefault) {
      readCommitted.add(connection);
    }
    return isDefault;
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
