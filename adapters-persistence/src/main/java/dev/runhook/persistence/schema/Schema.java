package dev.runhook.persistence.schema;

import dev.runhook.persistence.history.JdbiHistoryPartitions;
import dev.runhook.persistence.jdbi.JdbiConfig;
import dev.runhook.persistence.jdbi.SqlErrors;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.database.postgresql.PostgreSQLConfigurationExtension;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;

/// The tables in the database, all in the schema `runhook`, brought to the version that this code
/// needs. A host's own tables and its own Flyway are left alone. PostgreSQL 15 or newer.
public final class Schema {
  static final String NAME = "runhook";
  private static final String LOCATION = "classpath:dev/runhook/persistence/migration";
  private static final int DAYS_AHEAD = 7;

  private final DataSource dataSource;

  /// @param dataSource gives at least two connections at a time; its user may create the schema
  ///   `runhook`, or owns it
  public Schema(DataSource dataSource) {
    this.dataSource = dataSource;
  }

  /// Makes the tables, or changes what an older version made, and prepares the days to come.
  /// Several processes may do so at the same time. Refuses, by a [NewerSchemaException], a database
  /// that a newer version has changed already.
  public void migrate() {
    createSchema();
    Flyway flyway = flyway();
    newest(flyway).ifPresent(Schema::refuse);
    flyway.migrate();
    new JdbiHistoryPartitions(dataSource).prepareAhead(DAYS_AHEAD);
  }

  /// Whether the tables are there; asks the database one small thing.
  public boolean exists() {
    try {
      return JdbiConfig.create(dataSource)
          .withHandle(handle ->
              handle
                  .createQuery(
                      "select to_regclass('runhook.delivery_queue') is not null and to_regclass('runhook.event') is not null")
                  .mapTo(boolean.class)
                  .one());
    } catch (RuntimeException e) {
      throw SqlErrors.translate("looking for its schema", e);
    }
  }

  private Flyway flyway() {
    FluentConfiguration configuration =
        Flyway.configure(Schema.class.getClassLoader())
            .dataSource(dataSource)
            .schemas(NAME)
            .createSchemas(false)
            .locations(LOCATION);
    lockBySession(configuration);
    return configuration.load();
  }

  /// A lock by a transaction would have that one idle for as long as a migration takes, which the
  /// database may be told to end.
  private static void lockBySession(FluentConfiguration configuration) {
    Objects.requireNonNull(
            configuration.getConfigurationExtension(PostgreSQLConfigurationExtension.class))
        .setTransactionalLock(false);
  }

  /// Under a lock, for `if not exists` alone does not keep two sessions from doing it at once.
  private void createSchema() {
    Jdbi jdbi = JdbiConfig.create(dataSource);
    try {
      jdbi.useTransaction(handle -> {
        handle.execute("select pg_advisory_xact_lock(" + JdbiHistoryPartitions.LOCK_KEY + ")");
        boolean there =
            handle
                .createQuery("select to_regnamespace('runhook') is not null")
                .mapTo(boolean.class)
                .one();
        if (!there) {
          handle.execute("create schema runhook");
        }
      });
    } catch (JdbiException e) {
      throw SqlErrors.translate("preparing its schema", e);
    }
  }

  private static Optional<MigrationVersion> newest(Flyway flyway) {
    return Arrays.stream(flyway.info().applied())
        .filter(applied -> applied.getState().isApplied() && !applied.getState().isResolved())
        .map(MigrationInfo::getVersion)
        .max(MigrationVersion::compareTo);
  }

  private static void refuse(MigrationVersion version) {
    throw new NewerSchemaException(
        "the database is at version "
            + version
            + " of the schema, which is newer than this Runhook; start the newer Runhook, or give another database");
  }
}
