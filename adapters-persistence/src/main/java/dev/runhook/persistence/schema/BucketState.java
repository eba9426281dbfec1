package dev.runhook.persistence.schema;

import dev.runhook.persistence.jdbi.BucketSchema;
import dev.runhook.persistence.jdbi.JdbiFactory;
import dev.runhook.persistence.jdbi.SqlErrors;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;

/// What a database has of a bucket.
///
/// @param database identifies the database, whatever its address
/// @param schemas all schemas of the database that have or had a bucket
/// @param identity empty if the schema does not exist or is not complete
/// @param version of the last migration of the schema
/// @param current whether the migrations of this version of Runhook, and no others, were applied
public record BucketState(
    String database,
    List<String> schemas,
    Optional<BucketIdentity> identity,
    Optional<Integer> version,
    boolean current,
    long stacks,
    long openDeliveries) {

  /// Reads the state and changes nothing.
  ///
  /// @throws dev.runhook.application.spi.StoreUnavailableException if the database is unavailable
  public static BucketState read(DataSource dataSource, BucketSchema bucket) {
    Jdbi jdbi = JdbiFactory.create(dataSource, bucket);
    Schema schema = new Schema(dataSource, bucket);
    return SqlErrors.translating(
        "looking for a bucket",
        () -> {
          Optional<BucketIdentity> identity = schema.findIdentity();
          return new BucketState(
              database(jdbi),
              schemas(jdbi),
              identity,
              schema.findVersion(),
              schema.isCurrent(),
              identity.isPresent() ? count(jdbi, "runhook.stack where slug is not null") : 0,
              identity.isPresent() ? count(jdbi, "runhook.delivery_queue") : 0);
        });
  }

  /// Returns why a process would not find the bucket here; empty if it does.
  ///
  /// @param installation that of the home bucket; empty if it is unknown
  public Optional<String> findProblem(BucketSchema bucket, Optional<UUID> installation) {
    if (version.isEmpty()) {
      return Optional.of("it is not in its database");
    }
    if (identity.isEmpty()) {
      return Optional.of("its schema is not complete; start a server to complete it");
    }
    BucketIdentity found = identity.get();
    if (found.buckets() != bucket.buckets().count() || found.bucket() != bucket.number()) {
      return Optional.of(
          "its schema has bucket %d of %d buckets".formatted(found.bucket(), found.buckets()));
    }
    if (installation.isPresent() && !installation.get().equals(found.id())) {
      return Optional.of(
          "it is of the installation %s, but bucket 0 is of %s"
              .formatted(found.id(), installation.get()));
    }
    return current
        ? Optional.empty()
        : Optional.of(
            "its schema has version %d and not the migrations of this Runhook; start a server to migrate it"
                .formatted(version.get()));
  }

  /// Returns what identifies the database among those of all servers.
  static String database(Jdbi jdbi) {
    return jdbi.withHandle(handle ->
        handle
            .createQuery(
                "select system_identifier || ' ' || current_database() from pg_control_system()")
            .mapTo(String.class)
            .one());
  }

  private static List<String> schemas(Jdbi jdbi) {
    return jdbi.withHandle(handle ->
        handle
            .createQuery(
                """
                select nspname from pg_namespace
                where nspname ~ '^runhook(_[0-9]{2})?(_copy|_moved)?$' order by nspname
                """)
            .mapTo(String.class)
            .list());
  }

  private static long count(Jdbi jdbi, String rows) {
    return jdbi.withHandle(
        handle -> handle.createQuery("select count(*) from " + rows).mapTo(Long.class).one());
  }
}
