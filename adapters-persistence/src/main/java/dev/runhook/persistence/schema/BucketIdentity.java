package dev.runhook.persistence.schema;

import dev.runhook.persistence.jdbi.BucketSchema;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.reflect.ConstructorMapper;

/// The installation and the number of the bucket that a schema has, stored when it was created.
///
/// @param id a random id of the installation
/// @param buckets the number of buckets of the installation
/// @param bucket the number of this one
/// @param complete whether all buckets of the installation were created; only the home bucket knows
public record BucketIdentity(UUID id, int buckets, int bucket, boolean complete) {
  /// Returns an empty optional if the schema does not exist or is not completely migrated.
  static Optional<BucketIdentity> find(Handle handle) {
    boolean exists =
        handle
            .createQuery("select to_regclass('runhook.installation') is not null")
            .mapTo(boolean.class)
            .one();
    return exists
        ? handle
            .createQuery("select id, buckets, bucket, complete from runhook.installation")
            .map(ConstructorMapper.of(BucketIdentity.class))
            .findOne()
        : Optional.empty();
  }

  /// Stores the identity of a bucket unless the schema has one.
  ///
  /// @param installation its id; a random one if this is empty
  static void store(Handle handle, Optional<UUID> installation, BucketSchema schema) {
    handle
        .createUpdate(
            """
            insert into runhook.installation (id, buckets, bucket)
            values (coalesce(:id, gen_random_uuid()), :buckets, :bucket)
            on conflict do nothing
            """)
        .bind("id", installation)
        .bind("buckets", schema.buckets().count())
        .bind("bucket", schema.number())
        .execute();
  }
}
