package dev.runhook.persistence.schema;

import dev.runhook.persistence.jdbi.BucketSchema;
import org.jdbi.v3.core.Handle;

/// The advisory lock to hold while changing a schema or its partitions. The buckets of an
/// installation have the same.
final class SchemaLock {
  private SchemaLock() {}

  /// Takes the lock until the transaction of the handle ends. Waits while another process has it.
  static void take(Handle handle, BucketSchema schema) {
    handle.execute(
        "select pg_advisory_xact_lock(hashtextextended(? || ' schema', 0))", schema.installation());
  }
}
