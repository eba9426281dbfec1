package dev.runhook.bootstrap.database;

import dev.runhook.bootstrap.setting.ConfigurationException;
import dev.runhook.bootstrap.setting.DatabaseSettings;
import dev.runhook.bootstrap.setting.SettingDefinitions;
import dev.runhook.bootstrap.setting.Settings;
import dev.runhook.bootstrap.setting.StartupException;
import dev.runhook.persistence.jdbi.BucketSchema;
import dev.runhook.persistence.schema.Installation;
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

  /// Migrates all buckets. Tries only once, because a user is waiting. A server would retry.
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
      new Installation(database.ofBuckets(Schema::new)).migrate();
      return database;
    } catch (RuntimeException e) {
      database.close();
      throw e;
    }
  }

  /// Returns the external databases without connecting to them.
  ///
  /// @throws ConfigurationException if the database is embedded
  public static CliDatabase external(Settings settings) {
    return new CliDatabase(
        Optional.empty(),
        settings
            .database()
            .orElseThrow(() ->
                new ConfigurationException(
                    "neither RUNHOOK_BUCKET_URLS nor RUNHOOK_DATABASE_URL is set, and the embedded"
                        + " database has all buckets")),
        settings);
  }

  /// Returns the database of each bucket.
  public List<DatabaseSettings> byBucket() {
    return byBucket;
  }

  /// Connects to a database, which may be that of a bucket, and changes nothing.
  ///
  /// @param source says where its address is from, for messages
  /// @throws StoreUnavailableException if the database is unreachable
  /// @throws ConfigurationException if it rejects the connection
  public DataSource connect(DatabaseSettings database, String source) {
    Database.requireReachable(database, source);
    return pools.computeIfAbsent(database, ConnectionPool::forCommand).dataSource();
  }

  /// Returns connections to the home bucket.
  public DataSource homeDataSource() {
    return dataSource(0);
  }

  public BucketSchema homeSchema() {
    return schemas.getFirst();
  }

  /// Applies the function to each bucket. Returns the results in the order of the buckets.
  public <T> List<T> ofBuckets(BiFunction<DataSource, BucketSchema, T> function) {
    return IntStream.range(0, schemas.size())
        .mapToObj(bucket -> function.apply(dataSource(bucket), schemas.get(bucket)))
        .toList();
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
