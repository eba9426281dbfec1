package dev.runhook.bootstrap.database;

import dev.runhook.bootstrap.setting.DatabaseSettings;
import dev.runhook.bootstrap.setting.SettingDefinitions;
import dev.runhook.bootstrap.setting.Settings;
import dev.runhook.bootstrap.setting.StartupException;
import dev.runhook.persistence.jdbi.BucketSchema;
import dev.runhook.persistence.schema.Schema;
import java.sql.SQLException;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import javax.sql.DataSource;

/// The configured database for one command, with or without a running server. If the embedded
/// database is not running, this class starts it, and [#close] stops it.
public final class CliDatabase implements AutoCloseable {
  private final Optional<EmbeddedDatabase> embedded;
  private final List<BucketSchema> schemas;
  private final List<DatabaseSettings> byBucket;
  private final Map<DatabaseSettings, ConnectionPool> pools = new HashMap<>();

  private CliDatabase(
      Optional<EmbeddedDatabase> embedded, DatabaseSettings database, Settings settings) {
    this.embedded = embedded;
    this.schemas = BucketSchema.all(settings.get(SettingDefinitions.BUCKETS));
    this.byBucket =
        settings.bucketDatabases().isEmpty()
            ? Collections.nCopies(schemas.size(), database)
            : settings.bucketDatabases();
  }

  /// Tries only once, because a user is waiting. A server would retry.
  ///
  /// @throws StoreUnavailableException if the external database is unreachable
  /// @throws StartupException if the embedded database does not start
  /// @throws ConfigurationException if the database rejects the connection, or the data directory
  ///   is unusable
  public static CliDatabase open(Settings settings) {
    settings
        .database()
        .ifPresent(home -> Database.requireReachable(home, settings.databaseVariable()));
    CliDatabase database =
        settings
            .database()
            .or(() ->
                EmbeddedDatabase.findRunning(settings.get(SettingDefinitions.DATA_DIR))
                    .filter(CliDatabase::isReachable))
            .map(found -> new CliDatabase(Optional.empty(), found, settings))
            .orElseGet(() -> startEmbedded(settings));
    try {
      database.migrate(0);
      return database;
    } catch (RuntimeException e) {
      database.close();
      throw e;
    }
  }

  /// Returns connections to the home bucket, which [#open] has migrated.
  public DataSource homeDataSource() {
    return dataSource(0);
  }

  public BucketSchema homeSchema() {
    return schemas.getFirst();
  }

  /// Migrates each bucket and applies the function to it. Returns the results in the order of the
  /// buckets.
  public <T> List<T> ofBuckets(BiFunction<DataSource, BucketSchema, T> function) {
    return IntStream.range(0, schemas.size())
        .mapToObj(bucket -> {
          migrate(bucket);
          return function.apply(dataSource(bucket), schemas.get(bucket));
        })
        .toList();
  }

  private void migrate(int bucket) {
    new Schema(dataSource(bucket), schemas.get(bucket)).migrate();
  }

  private DataSource dataSource(int bucket) {
    return pools.computeIfAbsent(byBucket.get(bucket), ConnectionPool::forCommand).dataSource();
  }

  @Override
  public void close() {
    pools.values().forEach(ConnectionPool::close);
    embedded.ifPresent(EmbeddedDatabase::close);
  }

  private static CliDatabase startEmbedded(Settings settings) {
    EmbeddedDatabase embedded = EmbeddedDatabase.in(settings.get(SettingDefinitions.DATA_DIR));
    try {
      embedded.start();
    } catch (StartupException e) {
      embedded.close();
      throw e;
    }
    return new CliDatabase(Optional.of(embedded), embedded.settings(), settings);
  }

  private static boolean isReachable(DatabaseSettings settings) {
    try {
      ConnectionPool.connect(settings).close();
      return true;
    } catch (SQLException _) {
      return false;
    }
  }
}
