package dev.runhook.persistence.schema;

import dev.runhook.persistence.jdbi.BucketSchema;
import dev.runhook.persistence.jdbi.JdbiFactory;
import dev.runhook.persistence.jdbi.SqlErrors;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.database.postgresql.PostgreSQLConfigurationExtension;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;

/// Creates and migrates the tables of one bucket in their schema, usually `runhook`. It does not
/// touch a host's own tables or the host's own Flyway. Requires PostgreSQL 15 or newer.
public final class Schema {
  private static final String LOCATION = "classpath:dev/runhook/persistence/migration";
  private static final Duration PARTITIONS_AHEAD = Duration.ofDays(7);

  private final DataSource dataSource;
  private final BucketSchema schema;
  private final Jdbi jdbi;

  /// @param dataSource provides at least two connections at a time. Its user owns the schema
  ///   `runhook` or may create it.
  public Schema(DataSource dataSource) {
    this(dataSource, BucketSchema.ONLY);
  }

  /// @param dataSource provides at least two connections at a time. Its user owns the schema or may
  ///   create it.
  public Schema(DataSource dataSource, BucketSchema schema) {
    this.dataSource = dataSource;
    this.schema = schema;
    this.jdbi = JdbiFactory.create(dataSource, schema);
  }

  /// Creates or migrates the tables, and creates the partitions for the next days. Several
  /// processes may call this at the same time.
  ///
  /// @throws UnusableDatabaseException if a newer version or another build of Runhook has migrated
  ///   the database, if its number of buckets is another, if a migration fails, or if the user of
  ///   the data source may not create the tables
  /// @throws dev.runhook.application.spi.StoreUnavailableException if the database is unavailable;
  ///   the call can be repeated
  public void migrate() {
    createSchema();
    Flyway flyway = flyway();
    try {
      refuseNewerVersion(flyway);
      var ignored = flyway.migrate();
      jdbi.useTransaction(new Installation(schema)::store);
    } catch (RuntimeException e) {
      throw errors().explainMigration(e, flyway);
    }
    new JdbiHistoryPartitions(dataSource, schema).createAhead(PARTITIONS_AHEAD);
  }

  /// Runs an action that no other process of the installation runs at the same time.
  ///
  /// @throws dev.runhook.application.spi.StoreUnavailableException.StoreBusyException if another
  ///   process runs its action for longer than the `lock_timeout` of the connections
  public void runAlone(String name, Runnable action) {
    String key = "hashtextextended('runhook ' || ?, 0)";
    try (Handle handle = SqlErrors.translating("connecting", jdbi::open)) {
      SqlErrors.translating(
          name, () -> handle.execute("select pg_advisory_lock(" + key + ")", name));
      try {
        action.run();
      } finally {
        handle.execute("select pg_advisory_unlock(" + key + ")", name);
      }
    }
  }

  /// Whether the tables exist. Costs one small query.
  public boolean exists() {
    String sql =
        """
        select to_regclass('runhook.delivery_queue') is not null and to_regclass('runhook.event') is not null
        """;
    return SqlErrors.translating(
        "checking its schema",
        () -> jdbi.withHandle(handle -> handle.createQuery(sql).mapTo(boolean.class).one()));
  }

  /// Checks whether committed transactions survive a crash of the database server and, if it is
  /// replicated, the loss of the server. Returns the settings that do not allow this for
  /// connections of this data source, by server, database or role, such as `fsync off`. An empty
  /// list means that commits are durable.
  ///
  /// @param replicated whether a standby may become the primary
  public List<String> findUnsafeSettings(boolean replicated) {
    String sql =
        """
        select name || ' ' || coalesce(nullif(setting, ''), 'empty') from pg_settings
        where name in ('fsync', 'full_page_writes', 'synchronous_commit') and setting = 'off'
          or :replicated and name = 'synchronous_commit' and setting in ('local', 'remote_write')
          or :replicated and name = 'synchronous_standby_names' and setting = ''
        order by name
        """;
    return SqlErrors.translating(
        "checking its durability settings",
        () ->
            jdbi.withHandle(handle ->
                handle.createQuery(sql).bind("replicated", replicated).mapTo(String.class).list()));
  }

  private SchemaErrors errors() {
    return new SchemaErrors(schema, jdbi);
  }

  private Flyway flyway() {
    FluentConfiguration configuration =
        Flyway.configure(Schema.class.getClassLoader())
            .dataSource(dataSource)
            .schemas(schema.name())
            .createSchemas(false)
            .locations(LOCATION);
    // A transaction-level lock would keep a transaction idle for the whole migration, and a
    // database may be configured to terminate idle transactions.
    Objects.requireNonNull(
            configuration.getConfigurationExtension(PostgreSQLConfigurationExtension.class))
        .setTransactionalLock(false);
    return configuration.load();
  }

  /// Takes a lock, because two concurrent `create schema if not exists` can both fail.
  private void createSchema() {
    try {
      jdbi.useTransaction(handle -> {
        SchemaLock.take(handle);
        new Installation(schema).requireNoOther(handle);
        boolean exists =
            handle
                .createQuery("select to_regnamespace('runhook') is not null")
                .mapTo(boolean.class)
                .one();
        if (!exists) {
          handle.execute("create schema " + schema.name());
        }
      });
    } catch (JdbiException e) {
      throw errors().explainCreation(e);
    }
  }

  /// Refuses a database to which a migration has been applied that this version does not contain.
  private static void refuseNewerVersion(Flyway flyway) {
    Arrays.stream(flyway.info().applied())
        .filter(applied -> applied.getState().isApplied() && !applied.getState().isResolved())
        .map(MigrationInfo::getVersion)
        .max(Comparator.naturalOrder())
        .ifPresent(version -> {
          throw new UnusableDatabaseException(
              ("the database schema has version %s, which is newer than this Runhook;"
                      + " start the newer Runhook, or use another database")
                  .formatted(version));
        });
  }
}
