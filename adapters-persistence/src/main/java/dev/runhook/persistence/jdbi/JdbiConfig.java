package dev.runhook.persistence.jdbi;

import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.TemplateEngine;

/// How our statements are read: as they stand, with `:name` for what is bound.
public final class JdbiConfig {
  private JdbiConfig() {}

  static Jdbi configure(Jdbi jdbi) {
    jdbi.getConfig(SqlStatements.class).setTemplateEngine(TemplateEngine.NOP);
    return jdbi;
  }

  public static Jdbi create(DataSource dataSource) {
    return configure(Jdbi.create(dataSource));
  }

  /// With the connections of a host's JDBI, and none of its configuration.
  public static Jdbi create(Jdbi host) {
    return configure(Jdbi.create(new HostConnections(host)));
  }
}
