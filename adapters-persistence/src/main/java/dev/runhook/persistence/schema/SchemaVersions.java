package dev.runhook.persistence.schema;

import dev.runhook.persistence.jdbi.BucketSchema;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The migrations of a schema, which its table `schema_version` lists. Each runs in a transaction
/// of its own, one process at a time.
record SchemaVersions(BucketSchema schema, Jdbi jdbi) {
  private static final Logger LOG = LoggerFactory.getLogger(SchemaVersions.class);
  private static final String CREATE_TABLE =
      """
      -- The files of SQL that were applied to this schema.
      create table %s.schema_version (
        version integer primary key,
        file text not null,
        checksum text not null, -- SHA-256 of the file in hex
        applied_at timestamptz not null default now()
      );
      """;

  /// A row of the table.
  record Applied(int version, String checksum) {
    boolean is(Migration migration) {
      return version == migration.version() && checksum.equals(migration.checksum());
    }
  }

  /// Applies the migrations that the schema does not have.
  ///
  /// @throws UnusableDatabaseException if it has others
  void migrate() {
    List<Migration> pending = pending();
    for (Migration migration : pending) {
      jdbi.useTransaction(handle -> {
        SchemaLock.take(handle, schema);
        if (pending(handle).contains(migration)) { // no other process was faster
          apply(handle, migration);
        }
      });
    }
    if (!pending.isEmpty()) {
      LOG.atInfo()
          .addKeyValue("schema", schema.name())
          .addKeyValue("version", pending.getLast().version())
          .log("created or updated the tables");
    }
  }

  /// Runs a file as one statement, so that the driver or the server divides it.
  private void apply(Handle handle, Migration migration) {
    handle.execute("set local search_path to " + schema.name());
    try (Statement statement = handle.getConnection().createStatement()) {
      statement.setEscapeProcessing(false);
      if (migration.version() == 1) {
        statement.execute(CREATE_TABLE.formatted(schema.name()));
      }
      statement.execute(migration.sql());
      statement.execute(insert(migration));
    } catch (SQLException e) {
      throw new IllegalStateException("cannot apply " + migration.file(), e);
    }
  }

  private static String insert(Migration migration) {
    return "insert into schema_version (version, file, checksum) values (%d, '%s', '%s');\n"
        .formatted(migration.version(), migration.file(), migration.checksum());
  }

  /// Returns the migrations to apply, in their order.
  ///
  /// @throws UnusableDatabaseException if the schema has others
  List<Migration> pending() {
    return jdbi.withHandle(this::pending);
  }

  private List<Migration> pending(Handle handle) {
    List<Applied> applied = findAll(handle);
    int known = Migration.ALL.size();
    if (!applied.isEmpty() && applied.getLast().version() > known) {
      throw new UnusableDatabaseException(
          ("the database schema has version %d, which is newer than this Runhook;"
                  + " start the newer Runhook, or use another database")
              .formatted(applied.getLast().version()));
    }
    for (int i = 0; i < applied.size(); i++) {
      if (!applied.get(i).is(Migration.ALL.get(i))) {
        throw new UnusableDatabaseException(
            ("migration %d of the schema %s differs from that of this Runhook;"
                    + " restore a backup, or start the Runhook that migrated it")
                .formatted(i + 1, schema.name()));
      }
    }
    return Migration.ALL.subList(applied.size(), known);
  }

  /// Returns the version of the last migration that was applied; empty if there is none.
  Optional<Integer> findCurrent() {
    List<Applied> applied = jdbi.withHandle(SchemaVersions::findAll);
    return applied.isEmpty() ? Optional.empty() : Optional.of(applied.getLast().version());
  }

  /// Looks into `pg_class`, because `to_regclass` may not see what another process has committed
  /// since the transaction began.
  private static List<Applied> findAll(Handle handle) {
    boolean exists =
        handle
            .createQuery(
                """
                select exists (
                  select from pg_class where relnamespace = to_regnamespace('runhook') and relname = 'schema_version')
                """)
            .mapTo(boolean.class)
            .one();
    return exists
        ? handle
            .createQuery("select version, checksum from runhook.schema_version order by version")
            .map((row, ignored) -> new Applied(row.getInt("version"), row.getString("checksum")))
            .list()
        : List.of();
  }

  /// Returns a script that does what [#migrate] does.
  ///
  /// @param version that the schema has; 0 if it does not exist
  static String script(BucketSchema schema, int version) {
    return """
    -- Changes the schema %1$s of Runhook from version %2$d to %3$d in one transaction. The tables belong to the
    -- role that runs this; `set role` first if they must belong to another.
    begin;
    %4$sset local search_path to %1$s;

    %5$scommit;
    """
        .formatted(
            schema.name(),
            version,
            Migration.ALL.size(),
            version == 0 ? createSchema(schema) : "",
            Migration.ALL.stream()
                .skip(version)
                .map(migration ->
                    "%s-- %s\n%s\n%s\n"
                        .formatted(
                            migration.version() == 1
                                ? CREATE_TABLE.formatted(schema.name()) + "\n"
                                : "",
                            migration.file(),
                            migration.sql().strip(),
                            insert(migration)))
                .collect(Collectors.joining()));
  }

  /// `create schema if not exists` needs a right even if the schema exists.
  private static String createSchema(BucketSchema schema) {
    return """
    do $$ begin
      if to_regnamespace('%1$s') is null then create schema %1$s; end if;
    end $$;
    """
        .formatted(schema.name());
  }
}
