package dev.runhook.persistence.schema;

import dev.runhook.persistence.jdbi.BucketSchema;
import dev.runhook.persistence.jdbi.CitusDetection;
import dev.runhook.persistence.jdbi.JdbiFactory;
import dev.runhook.persistence.jdbi.SqlErrors;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/// The schema of a bucket in a Citus cluster. Citus keeps a distributed schema on one node, and the
/// other nodes send its statements there.
public final class CitusSchema {
  private final BucketSchema schema;
  private final Jdbi jdbi;

  /// @param dataSource connects to a node of the cluster
  public CitusSchema(DataSource dataSource, BucketSchema schema) {
    this.schema = schema;
    this.jdbi = JdbiFactory.create(dataSource, schema);
  }

  /// Whether the database has a version of Citus that can distribute schemas.
  public boolean isSupported() {
    return CitusDetection.isInstalled(jdbi);
  }

  /// Distributes the schema, which must be migrated, unless it is distributed. Returns the host and
  /// port of the node that has it.
  public String distribute() {
    return SqlErrors.translating(
        "distributing a schema",
        () ->
            jdbi.inTransaction(handle -> {
              SchemaLock.take(handle, schema);
              if (!isDistributed(handle)) {
                handle.execute("select citus_schema_distribute('runhook')");
              }
              return handle
                  .createQuery(
                      """
                      select nodename || ':' || nodeport from citus_shards where table_name = 'runhook.run'::regclass
                      """)
                  .mapTo(String.class)
                  .one();
            }));
  }

  /// Whether Citus has distributed the schema of the handle.
  static boolean isDistributed(Handle handle) {
    return handle.getConfig(CitusDetection.class).isInstalled(handle)
        && handle
            .createQuery(
                "select exists (select from citus_schemas where schema_name ="
                    + " 'runhook'::regnamespace)")
            .mapTo(Boolean.class)
            .one();
  }
}
