package dev.runhook.bootstrap.database;

import dev.runhook.application.spi.BucketRouter;
import dev.runhook.application.spi.Buckets;
import dev.runhook.bootstrap.setting.DatabaseSettings;
import dev.runhook.bootstrap.setting.SettingDefinitions;
import dev.runhook.bootstrap.setting.Settings;
import dev.runhook.domain.delivery.DeliveryId;
import dev.runhook.domain.run.StackId;
import dev.runhook.http.api.Placement;
import dev.runhook.persistence.JdbiTransactor;
import dev.runhook.persistence.jdbi.BucketSchema;
import dev.runhook.persistence.secret.SecretCipher;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.IntStream;
import javax.sql.DataSource;

/// The databases of a server, usually one. Each contains the schemas of some buckets.
public final class Databases implements Placement, AutoCloseable {
  private static final int SEVERAL = -1;

  private final List<Database> all;
  private final List<BucketSchema> schemas;
  private final List<Database> byBucket;

  private Databases(List<Database> all, List<BucketSchema> schemas, List<Database> byBucket) {
    this.all = all;
    this.schemas = schemas;
    this.byBucket = byBucket;
  }

  /// Starts and connects to nothing yet.
  ///
  /// @throws ConfigurationException if the data directory of the embedded database is unusable
  public static Databases of(Settings settings) {
    List<BucketSchema> schemas = BucketSchema.all(settings.get(SettingDefinitions.BUCKETS));
    if (settings.bucketDatabases().isEmpty()) {
      Database only = Database.of(settings);
      return new Databases(List.of(only), schemas, schemas.stream().map(_ -> only).toList());
    }
    Map<DatabaseSettings, Database> bySettings = new LinkedHashMap<>();
    List<Database> byBucket =
        settings.bucketDatabases().stream()
            .map(each ->
                bySettings.computeIfAbsent(
                    each,
                    _ ->
                        Database.external(
                            each, bySettings.size() + 1, settings.databaseVariable())))
            .toList();
    return new Databases(List.copyOf(bySettings.values()), schemas, byBucket);
  }

  /// Returns the database of the home bucket.
  public Database home() {
    return byBucket.getFirst();
  }

  public BucketSchema homeSchema() {
    return schemas.getFirst();
  }

  public List<Database> all() {
    return all;
  }

  @Override
  public int of(StackId stack) {
    return indexOf(buckets().of(stack));
  }

  @Override
  public int of(DeliveryId delivery) {
    return indexOf(buckets().of(delivery.value()));
  }

  @Override
  public int ofAccount() {
    return all.size() == 1 ? 0 : SEVERAL;
  }

  private int indexOf(int bucket) {
    return all.indexOf(byBucket.get(bucket));
  }

  private Buckets buckets() {
    return schemas.getFirst().buckets();
  }

  /// Applies the function to each bucket. Returns the results in the order of the buckets.
  ///
  /// @param pool one of the pools of a database
  public <T> List<T> ofBuckets(
      Function<Database, DataSource> pool, BiFunction<DataSource, BucketSchema, T> function) {
    return IntStream.range(0, schemas.size())
        .mapToObj(i -> function.apply(pool.apply(byBucket.get(i)), schemas.get(i)))
        .toList();
  }

  /// Applies the function to each database and the schemas of its buckets.
  public <T> List<T> ofDatabases(BiFunction<Database, List<BucketSchema>, T> function) {
    return all.stream()
        .map(database ->
            function.apply(
                database,
                schemas.stream()
                    .filter(schema -> byBucket.get(schema.number()).equals(database))
                    .toList()))
        .toList();
  }

  /// Returns the stores of the buckets.
  ///
  /// @param pool one of the pools of a database
  public BucketRouter router(Function<Database, DataSource> pool, SecretCipher cipher) {
    return buckets().router(JdbiTransactor.ofBuckets(byBucket.stream().map(pool).toList(), cipher));
  }

  /// Starts the embedded database, or tries to connect to the external ones. Can be repeated.
  ///
  /// @throws StoreUnavailableException if an external database does not accept connections now
  /// @throws ConfigurationException if one rejects them
  public void connect() {
    all.forEach(Database::connect);
  }

  /// Lets the pools for requests connect, because the schemas are complete.
  public void openForRequests() {
    all.forEach(Database::openForRequests);
  }

  public void registerMetrics(MeterRegistry registry) {
    all.forEach(database -> database.registerMetrics(registry));
  }

  public String description() {
    return String.join(", ", all.stream().map(Database::description).toList());
  }

  @Override
  public void close() {
    all.forEach(Database::close);
  }
}
