package dev.runhook.persistence.jdbi;

import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.TemplateEngine;

/// Creates JDBI instances for our statements: plain SQL with `:name` parameters and no templates.
public final class JdbiConfig {
  private JdbiConfig() {}

  public static Jdbi create(DataSource dataSource) {
    return configure(Jdbi.create(dataSource));
  }

  /// Uses the connections of a host's JDBI, but not its configuration.
  public static Jdbi create(Jdbi host) {
    return configure(Jdbi.create(new HostConnections(host)));
  }

  static Jdbi configure(Jdbi jdbi) {
    jdbi.getConfig(SqlStatements.class).setTemplateEngine(TemplateEngine.NOP);
    return jdbi;
  }
}
