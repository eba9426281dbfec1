package dev.runhook.persistence.schema;

import dev.runhook.persistence.jdbi.BucketSchema;
import dev.runhook.persistence.jdbi.JdbiFactory;
import dev.runhook.persistence.jdbi.SqlErrors;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;

/// Moves a bucket to another database while no process uses it. The schema of the source is the
/// bucket until it is renamed, and the copy has another name until then. So the bucket never exists
/// twice. A move that was interrupted can be repeated; without that, the old settings still work.
public final class BucketMove {
  private final BucketSchema schema;
  private final DataSource from;
  private final DataSource to;
  private final Jdbi source;
  private final Jdbi target;

  /// @param from connects to the database that has the bucket
  /// @param to connects to the database that gets it, with at least three connections at a time
  public BucketMove(DataSource from, DataSource to, BucketSchema schema) {
    this.schema = schema;
    this.from = from;
    this.to = to;
    this.source = JdbiFactory.create(from, schema);
    this.target = JdbiFactory.create(to, schema.copy());
  }

  /// Moves the bucket. Its tables are locked during the move, so that it does not change.
  ///
  /// @param progress gets the name of each table and its number of rows when it is copied
  /// @throws UnusableDatabaseException if a process uses one of the databases, or if one of them
  ///   does not allow the move; nothing has changed
  /// @throws dev.runhook.application.spi.StoreUnavailableException if a database is unavailable;
  ///   the call can be repeated
  public void run(BiConsumer<String, Long> progress) {
    new Schema(to, schema)
        .runAlone(
            "moving a bucket",
            () ->
                SqlErrors.translating(
                    "moving a bucket",
                    () -> {
                      requireUsableDatabases();
                      if (!isRenamed()) {
                        requireMovable();
                        createCopy();
                        copyAndRenameSource(progress);
                      }
                      renameCopy();
                      return true;
                    }));
  }

  private void requireUsableDatabases() {
    if (BucketState.database(source).equals(BucketState.database(target))) {
      throw refusal(target, "it is the database that has the bucket");
    }
    String version = "select current_setting('server_version_num')::integer / 10000";
    if (number(target, version) < number(source, version)) {
      throw refusal(
          target,
          "its PostgreSQL %d is older than the %d that has the bucket"
              .formatted(number(target, version), number(source, version)));
    }
    List.of(source, target).forEach(BucketMove::requireRights);
    List.of(source, target).forEach(BucketMove::requireNoProcess);
  }

  private static void requireRights(Jdbi database) {
    String grant =
        """
        select format('grant create on database %I to %I', current_database(), current_user)
        where not has_database_privilege(current_database(), 'create')
        """;
    database
        .withHandle(handle -> handle.createQuery(grant).mapTo(String.class).findOne())
        .ifPresent(missing -> {
          throw refusal(
              database, "its user may not rename schemas; let an administrator run: " + missing);
        });
  }

  /// Commands have the name of this one. The locks keep them from changing the bucket.
  private static void requireNoProcess(Jdbi database) {
    long processes =
        number(
            database,
            """
            select count(*) from pg_stat_activity
            where datname = current_database() and application_name like 'runhook %'
              and application_name <> current_setting('application_name')
            """);
    if (processes > 0) {
      throw refusal(database, "Runhook is connected to it; stop all processes");
    }
  }

  /// Whether an interrupted call has copied everything and renamed the source.
  private boolean isRenamed() {
    Optional<String> moved = findComment(source, schema.moved());
    return !exists(source, schema)
        && moved.isPresent()
        && moved.equals(findComment(target, schema.copy()));
  }

  private void requireMovable() {
    BucketState.read(from, schema)
        .findProblem(schema, Optional.empty())
        .ifPresent(problem -> {
          throw refusal(
              source,
              "bucket %d (schema %s): %s".formatted(schema.number(), schema.name(), problem));
        });
    if (exists(target, schema)) {
      throw refusal(target, "it has a schema %s; drop or rename it".formatted(schema.name()));
    }
    List.of(source, target).forEach(this::requireNoEarlierMove);
    if (source.withHandle(CitusSchema::isDistributed)) {
      throw refusal(source, "Citus moves its buckets, with citus_schema_move");
    }
  }

  private void requireNoEarlierMove(Jdbi database) {
    if (exists(database, schema.moved())) {
      throw refusal(
          database,
          "it has the schema %s of an earlier move; drop it".formatted(schema.moved().name()));
    }
  }

  /// Replaces a copy that an interrupted call has left.
  private void createCopy() {
    target.useTransaction(handle -> {
      lift(handle);
      handle.execute("drop schema if exists %s cascade".formatted(schema.copy().name()));
    });
    new Schema(to, schema.copy()).migrate();
    source
        .withHandle(DailyPartition::findAll)
        .forEach(partition -> target.useTransaction(partition::create));
  }

  private void copyAndRenameSource(BiConsumer<String, Long> progress) {
    Map<String, String> tables = source.withHandle(SchemaCopy::columnsByTable);
    if (!tables.equals(target.withHandle(SchemaCopy::columnsByTable))) {
      throw refusal(
          source,
          "its schema %s has other tables or columns than Runhook creates; remove them"
              .formatted(schema.name()));
    }
    String comment = text(source, "select 'moved by Runhook, ' || gen_random_uuid()");
    source.useTransaction(
        TransactionIsolationLevel.REPEATABLE_READ,
        reader -> {
          lift(reader);
          // before the first query, which takes the snapshot
          reader.execute("lock table %s in share mode".formatted(SchemaCopy.list(tables)));
          target.useTransaction(writer -> {
            lift(writer);
            new SchemaCopy(reader, writer, schema, tables).run(progress);
            comment(writer, schema.copy(), comment);
          });
          comment(reader, schema, comment);
          rename(reader, schema, schema.moved());
        });
  }

  private void renameCopy() {
    target.useTransaction(handle -> rename(handle, schema.copy(), schema));
  }

  private static boolean exists(Jdbi database, BucketSchema schema) {
    return number(
            database,
            "select count(*) from pg_namespace where nspname = '%s'".formatted(schema.name()))
        > 0;
  }

  private static Optional<String> findComment(Jdbi database, BucketSchema schema) {
    return database.withHandle(handle ->
        handle
            .createQuery(
                """
                select obj_description(oid, 'pg_namespace') as comment from pg_namespace
                where nspname = :name and obj_description(oid, 'pg_namespace') is not null
                """)
            .bind("name", schema.name())
            .mapTo(String.class)
            .findOne());
  }

  private static void comment(Handle handle, BucketSchema schema, String comment) {
    handle.execute("comment on schema %s is '%s'".formatted(schema.name(), comment));
  }

  private static void rename(Handle handle, BucketSchema from, BucketSchema to) {
    handle.execute("alter schema %s rename to %s".formatted(from.name(), to.name()));
  }

  /// Lifts the limits on the duration of the transaction and of its statements.
  private static void lift(Handle handle) {
    handle.execute(
        "set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0");
    try {
      handle.getConnection().setNetworkTimeout(Runnable::run, 0);
    } catch (SQLException e) {
      throw new IllegalStateException("cannot change the timeout of a connection", e);
    }
  }

  private static long number(Jdbi database, String query) {
    return database.withHandle(handle -> handle.createQuery(query).mapTo(Long.class).one());
  }

  private static String text(Jdbi database, String query) {
    return database.withHandle(handle -> handle.createQuery(query).mapTo(String.class).one());
  }

  private static UnusableDatabaseException refusal(Jdbi database, String problem) {
    return new UnusableDatabaseException(
        "the database %s: %s".formatted(text(database, "select current_database()"), problem));
  }
}
