package dev.runhook.persistence;

import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.TemplateEngine;

/// How our statements are read: as they stand, with `:name` for what is bound.
final class Statements {
  private Statements() {}

  static Jdbi plain(Jdbi jdbi) {
    jdbi.getConfig(SqlStatements.class).setTemplateEngine(TemplateEngine.NOP);
    return jdbi;
  }

  static Jdbi on(DataSource dataSource) {
    return plain(Jdbi.create(dataSource));
  }

  /// With the connections of a host's JDBI, and none of its configuration.
  static Jdbi on(Jdbi host) {
    return plain(Jdbi.create(new HostConnections(host)));
  }
}
