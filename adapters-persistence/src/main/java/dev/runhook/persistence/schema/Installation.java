package dev.runhook.persistence.schema;

import dev.runhook.persistence.jdbi.BucketSchema;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/// Checks that a database belongs to an installation with the same number of buckets. With another
/// number, stacks would not be found in the buckets that have them.
record Installation(BucketSchema schema) {
  /// Refuses a database with the schema of an installation with one bucket if this one has more,
  /// and the other way round.
  void requireNoOther(Handle handle) {
    String sql =
        """
        select n.nspname from pg_namespace n join pg_class c on c.relnamespace = n.oid
        where c.relname = 'delivery_queue' and (n.nspname !~ '_') <> :single
          and n.nspname ~ '^runhook(_[0-9]{2})?$'
        order by n.nspname limit 1
        """;
    Optional<String> other =
        handle
            .createQuery(sql)
            .bind("single", schema.buckets().count() == 1)
            .mapTo(String.class)
            .findOne();
    if (other.isPresent()) {
      throw mismatch("the database has the schema " + other.get());
    }
  }

  /// Stores the number of buckets, or compares it with the stored one.
  void store(Handle handle) {
    handle
        .createUpdate(
            """
            insert into runhook.installation (buckets, bucket) values (:buckets, :bucket)
            on conflict do nothing
            """)
        .bind("buckets", schema.buckets().count())
        .bind("bucket", schema.number())
        .execute();
    int stored =
        handle.createQuery("select buckets from runhook.installation").mapTo(Integer.class).one();
    if (stored != schema.buckets().count()) {
      throw mismatch("the schema %s is one of %d buckets".formatted(schema.name(), stored));
    }
  }

  private UnusableDatabaseException mismatch(String found) {
    return new UnusableDatabaseException(
        "%s, but this process is configured for %d buckets; their number cannot change"
            .formatted(found, schema.buckets().count()));
  }
}
