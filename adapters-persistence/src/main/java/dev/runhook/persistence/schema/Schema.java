package dev.runhook.persistence.schema;

import dev.runhook.domain.egress.EgressPolicy;
import dev.runhook.persistence.jdbi.BucketSchema;
import dev.runhook.persistence.jdbi.JdbiFactory;
import dev.runhook.persistence.jdbi.SqlErrors;
import dev.runhook.persistence.secret.SecretCipher;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Creates and migrates the tables of one bucket in their schema, usually `runhook`. It does not
/// touch a host's own tables. Requires PostgreSQL 15 or newer.
public final class Schema {
  private static final Logger LOG = LoggerFactory.getLogger(Schema.class);
  private static final Duration PARTITIONS_AHEAD = Duration.ofDays(7);

  private static final String WRONG_ADDRESS = "check the addresses of the databases of the buckets";

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
  ///
  /// @throws UnusableDatabaseException if PostgreSQL's JDBC driver is not on the class path
  public Schema(DataSource dataSource, BucketSchema schema) {
    requireDriver();
    this.dataSource = dataSource;
    this.schema = schema;
    this.jdbi = JdbiFactory.create(dataSource, schema);
  }

  /// The library does not depend on the driver: hosts choose its version.
  private static void requireDriver() {
    try {
      Class.forName("org.postgresql.PGConnection", false, Schema.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new UnusableDatabaseException(
          "PostgreSQL's JDBC driver is missing; add the dependency org.postgresql:postgresql", e);
    }
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
    migrate(Optional.empty());
  }

  /// @param installation the id that the schema gets unless it has one; a random one if this is
  ///   empty
  void migrate(Optional<UUID> installation) {
    createSchema();
    try {
      versions().migrate();
      jdbi.useTransaction(handle -> BucketIdentity.store(handle, installation, schema));
      findIdentity().ifPresent(this::requireSameCount);
    } catch (RuntimeException e) {
      throw errors().explainMigration(e, versions());
    }
    createPartitions();
  }

  private void createPartitions() {
    new JdbiHistoryPartitions(dataSource, schema).createAhead(PARTITIONS_AHEAD);
  }

  /// Checks that [#script] or a process that migrates has brought the tables to this version, and
  /// creates the partitions for the next days if the user owns the tables. Changes no tables.
  ///
  /// @throws UnusableDatabaseException if the tables have another version, or if the user of the
  ///   data source may not use them; the message says what to do
  /// @throws dev.runhook.application.spi.StoreUnavailableException if the database is unavailable;
  ///   the call can be repeated
  public void requireMigrated() {
    try {
      jdbi.useTransaction(this::requireNoOther);
      List<Migration> pending = versions().pending();
      if (!pending.isEmpty()) {
        throw notMigrated(pending.getFirst().version() - 1);
      }
      jdbi.useTransaction(handle -> BucketIdentity.store(handle, Optional.empty(), schema));
    } catch (JdbiException e) {
      throw errors().explainUse(e);
    }
    createPartitions();
  }

  private UnusableDatabaseException notMigrated(int version) {
    return new UnusableDatabaseException(
        "the schema %1$s has %2$s, and this process may not change it; let an administrator run the script that"
                .formatted(
                    schema.name(), version == 0 ? "no tables of Runhook" : "version " + version)
            + " Runhook.migrations(\"%s\", %d) returns".formatted(schema.name(), version));
  }

  /// Returns the SQL that brings a schema to this version, for an administrator. It leaves what
  /// [#migrate] would, except for the partitions of the next days and the id of the installation,
  /// which [#requireMigrated] adds.
  ///
  /// @param version the version that the schema has; 0 if it does not exist
  /// @throws IllegalArgumentException if there is no such version
  public static String script(BucketSchema schema, int version) {
    if (version < 0 || version > Migration.ALL.size()) {
      throw new IllegalArgumentException(
          "the version must be 0 to %d, not %d".formatted(Migration.ALL.size(), version));
    }
    return SchemaVersions.script(schema, version);
  }

  /// Compares settings that all processes should share with those of the process that started
  /// before this one, and stores them for the next. A difference is logged.
  public void compareSettings(EgressPolicy egressPolicy, SecretCipher cipher) {
    SharedSettings here = new SharedSettings(egressPolicy.toString(), cipher.keyId());
    SqlErrors.translating("comparing settings", () -> jdbi.inTransaction(here::replace))
        .ifPresent(before -> {
          List<String> differences = here.differences(before, Set.copyOf(cipher.keyIds()));
          if (!differences.isEmpty()) {
            LOG.atWarn()
                .addKeyValue("schema", schema.name())
                .addKeyValue("different", String.join(", ", differences))
                .addKeyValue("here", here)
                .addKeyValue("before", before)
                .log(
                    "the process that started before this one has other settings, but each process sends"
                        + " deliveries of all; use the same settings, or a schema for each service");
          }
        });
  }

  /// Returns the bucket that the schema has, and its installation; empty if it does not exist.
  ///
  /// @throws dev.runhook.application.spi.StoreUnavailableException if the database is unavailable
  public Optional<BucketIdentity> findIdentity() {
    return SqlErrors.translating(
        "looking for a bucket", () -> jdbi.withHandle(BucketIdentity::find));
  }

  /// Notes in the home bucket that all buckets exist.
  void complete() {
    SqlErrors.translating(
        "completing the buckets",
        () ->
            jdbi.withHandle(handle ->
                handle.execute(
                    "update runhook.installation set complete = true where not complete")));
  }

  /// Refuses a database that has or had a bucket.
  void requireNoBucket() {
    String sql =
        """
        select n.nspname from pg_namespace n join pg_class c on c.relnamespace = n.oid
        where c.relname = 'installation' and n.nspname ~ '^runhook_[0-9]{2}(_moved)?$'
        order by n.nspname limit 1
        """;
    SqlErrors.translating(
            "looking for buckets",
            () -> jdbi.withHandle(handle -> handle.createQuery(sql).mapTo(String.class).findOne()))
        .ifPresent(other -> {
          throw new UnusableDatabaseException(
              "the database of bucket %d has the schema %s, but bucket 0 is not in its own database; %s"
                  .formatted(schema.number(), other, WRONG_ADDRESS));
        });
  }

  /// Refuses a bucket that is not where its installation has it.
  ///
  /// @param home the home bucket of the installation
  void requirePartOf(BucketIdentity home) {
    Optional<BucketIdentity> found = findIdentity();
    found.ifPresent(this::requireSameCount);
    if (found.isEmpty() && home.complete()) {
      throw new UnusableDatabaseException(
          "bucket %d (schema %s) is not in its database; %s"
              .formatted(schema.number(), schema.name(), WRONG_ADDRESS));
    }
    if (found.isPresent() && !found.get().id().equals(home.id())) {
      throw new UnusableDatabaseException(
          "bucket %d (schema %s) in its database is of another installation than bucket 0; %s"
              .formatted(schema.number(), schema.name(), WRONG_ADDRESS));
    }
  }

  /// With another number of buckets, stacks would not be found in the buckets that have them.
  private void requireSameCount(BucketIdentity found) {
    if (found.buckets() != count()) {
      throw mismatch(
          "the schema %s is one of %d buckets".formatted(schema.name(), found.buckets()));
    }
  }

  private UnusableDatabaseException mismatch(String found) {
    return new UnusableDatabaseException(
        "%s, but this process is configured for %d buckets; their number cannot change"
            .formatted(found, count()));
  }

  private int count() {
    return schema.buckets().count();
  }

  /// Runs an action that no other process of the installation runs at the same time.
  ///
  /// @throws dev.runhook.application.spi.StoreUnavailableException.StoreBusyException if another
  ///   process runs its action for longer than the `lock_timeout` of the connections
  public void runAlone(String name, Runnable action) {
    String key = "hashtextextended(? || ' ' || ?, 0)";
    String installation = schema.installation();
    try (Handle handle = SqlErrors.translating("connecting", jdbi::open)) {
      SqlErrors.translating(
          name, () -> handle.execute("select pg_advisory_lock(" + key + ")", installation, name));
      try {
        action.run();
      } finally {
        handle.execute("select pg_advisory_unlock(" + key + ")", installation, name);
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

  /// Returns the version of the last migration that was applied; empty if there is none.
  Optional<Integer> findVersion() {
    return versions().findCurrent();
  }

  /// Whether the migrations of this version of Runhook, and no others, have been applied.
  boolean isCurrent() {
    try {
      return versions().pending().isEmpty();
    } catch (UnusableDatabaseException ignored) {
      return false;
    }
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

  private SchemaVersions versions() {
    return new SchemaVersions(schema, jdbi);
  }

  /// Takes a lock, because two concurrent `create schema if not exists` can both fail.
  private void createSchema() {
    try {
      jdbi.useTransaction(handle -> {
        SchemaLock.take(handle, schema);
        requireNoOther(handle);
        boolean exists =
            handle
                .createQuery("select to_regnamespace('runhook') is not null")
                .mapTo(boolean.class)
                .one();
        if (exists) {
          requireOwnTables(handle);
        } else {
          requireNotMoved(handle);
          handle.execute("create schema " + schema.name());
        }
      });
    } catch (JdbiException e) {
      throw errors().explainCreation(e);
    }
  }

  /// Refuses a schema with tables that no migration of this class has created.
  private void requireOwnTables(Handle handle) {
    String sql =
        """
        select relname from pg_class
        where relnamespace = 'runhook'::regnamespace and not exists (
          select from pg_class where relnamespace = 'runhook'::regnamespace and relname = 'schema_version')
        order by relname <> 'flyway_schema_history', relname limit 1
        """;
    handle
        .createQuery(sql)
        .mapTo(String.class)
        .findOne()
        .ifPresent(foreign -> {
          throw new UnusableDatabaseException(
              foreign.equals("flyway_schema_history")
                  ? ("the schema %1$s was migrated by Flyway, as before version 0.1, and cannot be used;"
                          + " use another database, or drop its data: drop schema %1$s cascade")
                      .formatted(schema.name())
                  : "the schema %s has %s, which is not of Runhook; use another database, or rename the schema"
                      .formatted(schema.name(), foreign));
        });
  }

  /// Refuses a database that had the bucket until [BucketMove] moved it.
  private void requireNotMoved(Handle handle) {
    String moved = schema.moved().name();
    boolean exists =
        handle
            .createQuery("select to_regnamespace('%s') is not null".formatted(moved))
            .mapTo(boolean.class)
            .one();
    if (exists) {
      throw new UnusableDatabaseException(
          "bucket %d was moved from its database, which has the schema %s; %s"
              .formatted(schema.number(), moved, WRONG_ADDRESS));
    }
  }

  /// Refuses a database with the schema of an installation with one bucket if this one has more,
  /// and the other way round.
  private void requireNoOther(Handle handle) {
    String sql =
        """
        select n.nspname from pg_namespace n join pg_class c on c.relnamespace = n.oid
        where c.relname = 'delivery_queue' and (n.nspname = :installation) <> :single
          and n.nspname ~ ('^' || :installation || '(_[0-9]{2})?$')
        order by n.nspname limit 1
        """;
    handle
        .createQuery(sql)
        .bind("installation", schema.installation())
        .bind("single", count() == 1)
        .mapTo(String.class)
        .findOne()
        .ifPresent(other -> {
          throw mismatch("the database has the schema " + other);
        });
  }
}
