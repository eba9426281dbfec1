package dev.runhook.persistence.schema;

import org.jdbi.v3.core.Handle;

/// The advisory lock to hold while changing a schema or its partitions.
final class SchemaLock {
  private static final long KEY = 0x72756e686f6f6bL;

  private SchemaLock() {}

  /// Takes the lock until the transaction of the handle ends. Waits while another process has it.
  static void take(Handle handle) {
    handle.execute("select pg_advisory_xact_lock(" + KEY + ")");
  }
}
