package dev.runhook.persistence.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.runhook.application.spi.Buckets;
import dev.runhook.persistence.Postgres;
import dev.runhook.persistence.jdbi.BucketSchema;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Each of two buckets is in a database of its own.
@Tag("slow")
class InstallationTest {
  @RegisterExtension static final Postgres FIRST = Postgres.empty();
  @RegisterExtension static final Postgres SECOND = Postgres.empty();

  private static final List<Postgres> AS_CREATED = List.of(FIRST, SECOND);
  private static final Buckets BUCKETS = new Buckets(2);

  @BeforeEach
  void dropBuckets() {
    List.of(FIRST, SECOND)
        .forEach(database ->
            schemasOf(database)
                .forEach(schema ->
                    database
                        .jdbi()
                        .useHandle(
                            handle -> handle.execute("drop schema " + schema + " cascade"))));
  }

  @Test
  void all_buckets_of_a_new_installation_have_one_id() {
    installation(AS_CREATED).migrate();
    installation(AS_CREATED).migrate();

    assertThat(ids()).hasSize(2).containsOnly(ids().getFirst());
    assertThat(schemasOf(FIRST)).containsExactly("runhook_00");
    assertThat(schemasOf(SECOND)).containsExactly("runhook_01");
  }

  @Test
  void exchanged_databases_are_refused() {
    installation(AS_CREATED).migrate();

    assertRefused(
        List.of(SECOND, FIRST),
        "the database of bucket 0 has the schema runhook_01, but bucket 0 is not in its own database;"
            + " check the addresses of the databases of the buckets");
  }

  @Test
  void a_single_bucket_in_the_wrong_database_is_refused() {
    installation(AS_CREATED).migrate();

    assertRefused(
        List.of(FIRST, FIRST),
        "bucket 1 (schema runhook_01) is not in its database; check the addresses of the databases"
            + " of the buckets");
  }

  @Test
  void a_home_bucket_in_an_empty_database_is_refused_while_others_have_buckets() {
    installation(List.of(SECOND, SECOND)).migrate();

    assertRefused(
        List.of(FIRST, SECOND),
        "the database of bucket 1 has the schema runhook_00, but bucket 0 is not in its own database;"
            + " check the addresses of the databases of the buckets");
  }

  @Test
  void a_bucket_of_another_installation_is_refused() {
    installation(AS_CREATED).migrate();
    SECOND
        .jdbi()
        .useHandle(handle ->
            handle.execute("update runhook_01.installation set id = ?", UUID.randomUUID()));

    assertRefused(
        AS_CREATED,
        "bucket 1 (schema runhook_01) in its database is of another installation than bucket 0;"
            + " check the addresses of the databases of the buckets");
  }

  @Test
  void another_number_of_buckets_is_refused() {
    installation(AS_CREATED).migrate();

    assertThatExceptionOfType(UnusableDatabaseException.class)
        .isThrownBy(
            new Installation(
                    BucketSchema.all(new Buckets(3)).stream()
                        .map(schema -> new Schema(FIRST.pool(), schema))
                        .toList())
                ::migrate)
        .withMessage(
            "the schema runhook_00 is one of 2 buckets, but this process is configured for 3 buckets;"
                + " their number cannot change");
  }

  @Test
  void an_interrupted_creation_is_completed() {
    UUID id = UUID.randomUUID();
    List<Schema> schemas = schemas(AS_CREATED);
    schemas.getFirst().migrate(Optional.of(id));

    new Installation(schemas).migrate();

    assertThat(ids()).containsExactly(id, id);
  }

  @Test
  void several_processes_can_create_an_installation_at_the_same_time() {
    List<CompletableFuture<Void>> processes =
        IntStream.range(0, 3)
            .mapToObj(
                ignored -> CompletableFuture.runAsync(() -> installation(AS_CREATED).migrate()))
            .toList();

    processes.forEach(CompletableFuture::join);

    assertThat(ids()).hasSize(2).containsOnly(ids().getFirst());
  }

  private static void assertRefused(List<Postgres> databases, String message) {
    List<String> before = schemas();

    assertThatExceptionOfType(UnusableDatabaseException.class)
        .isThrownBy(installation(databases)::migrate)
        .withMessage(message);

    assertThat(schemas()).isEqualTo(before);
  }

  private static Installation installation(List<Postgres> databases) {
    return new Installation(schemas(databases));
  }

  /// @param databases that of each bucket
  private static List<Schema> schemas(List<Postgres> databases) {
    return BucketSchema.all(BUCKETS).stream()
        .map(schema -> new Schema(databases.get(schema.number()).pool(), schema))
        .toList();
  }

  private static List<UUID> ids() {
    return schemas(AS_CREATED).stream()
        .map(Schema::findIdentity)
        .flatMap(Optional::stream)
        .map(BucketIdentity::id)
        .toList();
  }

  private static List<String> schemas() {
    return List.of(schemasOf(FIRST).toString(), schemasOf(SECOND).toString());
  }

  private static List<String> schemasOf(Postgres database) {
    return database
        .jdbi()
        .withHandle(handle ->
            handle
                .createQuery(
                    "select nspname from pg_namespace where nspname ~ '^runhook' order by 1")
                .mapTo(String.class)
                .list());
  }
}
