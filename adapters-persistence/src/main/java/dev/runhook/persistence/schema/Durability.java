package dev.runhook.persistence.schema;

import dev.runhook.persistence.jdbi.JdbiConfig;
import dev.runhook.persistence.jdbi.SqlErrors;
import java.util.List;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;

/// Whether a commit of the database outlives a crash of its machine. What was confirmed to a caller
/// must not be lost, and a page that is half written must be mended.
public final class Durability {
  private final Jdbi jdbi;

  public Durability(DataSource dataSource) {
    this.jdbi = JdbiConfig.create(dataSource);
  }

  /// The settings of the server, database or role that are off although they must not be, by name,
  /// as they are for connections of this source.
  public List<String> findDisabledSettings() {
    try {
      return jdbi.withHandle(handle ->
          handle
              .createQuery(
                  """
                  select name from pg_settings
                  where name in ('fsync', 'full_page_writes', 'synchronous_commit') and setting = 'off'
                  order by name
                  """)
              .mapTo(String.class)
              .list());
    } catch (RuntimeException e) {
      throw SqlErrors.translate("asking whether it keeps what it confirms", e);
    }
  }
}
