package dev.runhook.persistence.schema;

import dev.runhook.persistence.jdbi.JdbiConfig;
import dev.runhook.persistence.jdbi.SqlErrors;
import java.util.List;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;

/// Checks whether committed transactions survive a crash of the database server.
public final class Durability {
  private final Jdbi jdbi;

  public Durability(DataSource dataSource) {
    this.jdbi = JdbiConfig.create(dataSource);
  }

  /// Returns the names of required settings that are off for connections of this data source, by
  /// server, database or role. An empty list means that commits are durable.
  public List<String> findDisabledSettings() {
    return SqlErrors.translating(
        "checking its durability settings",
        () ->
            jdbi.withHandle(handle ->
                handle
                    .createQuery(
                        """
                        select name from pg_settings
                        where name in ('fsync', 'full_page_writes', 'synchronous_commit') and setting = 'off'
                        order by name
                        """)
                    .mapTo(String.class)
                    .list()));
  }
}
