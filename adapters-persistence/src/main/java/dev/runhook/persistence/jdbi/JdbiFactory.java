package dev.runhook.persistence.jdbi;

import java.sql.Connection;
import java.sql.Types;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import org.jdbi.v3.core.ConnectionFactory;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.argument.AbstractArgumentFactory;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.config.ConfigRegistry;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.StatementContext;
import org.jdbi.v3.core.statement.StatementException;
import org.jdbi.v3.core.statement.StatementExceptions;
import org.jdbi.v3.core.statement.TemplateEngine;

/// Creates JDBI instances for Runhook's statements: plain SQL with `:name` parameters. A
/// [StatementParser] replaces the name of the schema, and there are no templates.
public final class JdbiFactory {
  private JdbiFactory() {}

  public static Jdbi create(DataSource dataSource, BucketSchema schema) {
    return configure(Jdbi.create(dataSource), schema);
  }

  /// Uses the connections of a host's JDBI, but not its configuration.
  public static Jdbi create(Jdbi host) {
    return configure(Jdbi.create(new HostConnections(host)), BucketSchema.ONLY);
  }

  /// Configures and returns this instance.
  public static Jdbi configure(Jdbi jdbi, BucketSchema schema) {
    jdbi.getConfig(SqlStatements.class)
        .setTemplateEngine(TemplateEngine.NOP)
        .setSqlParser(StatementParser.of(schema.name()));
    jdbi.getConfig(StatementExceptions.class).setMessageRendering(JdbiFactory::withoutArguments);
    var ignored = jdbi.getConfig(CitusDetection.class); // created here, so that handles share it
    return jdbi.registerArrayType(String.class, "text").registerArgument(new InstantLiterals());
  }

  /// Exceptions are logged, and arguments can be secrets.
  private static String withoutArguments(StatementException e) {
    StatementContext context = e.getStatementContext();
    return context == null
        ? e.getShortMessage()
        : "%s [statement: %s]".formatted(e.getShortMessage(), context.getRenderedSql());
  }

  /// Binds an instant as a literal, because the driver would round it instead of truncating it.
  private static final class InstantLiterals extends AbstractArgumentFactory<Instant> {
    InstantLiterals() {
      super(Types.OTHER);
    }

    @Override
    protected Argument build(Instant value, ConfigRegistry ignored) {
      String literal = SqlValues.format(value);
      return (position, statement, context) -> statement.setObject(position, literal, Types.OTHER);
    }
  }

  /// Opens and closes connections through the JDBI of a host.
  private static final class HostConnections implements ConnectionFactory {
    private final Jdbi host;
    private final Map<Connection, Handle> open = new ConcurrentHashMap<>();

    HostConnections(Jdbi host) {
      this.host = host;
    }

    @Override
    public Connection openConnection() {
      Handle handle = host.open();
      open.put(handle.getConnection(), handle);
      return handle.getConnection();
    }

    @Override
    public void closeConnection(Connection connection) {
      Handle handle = open.remove(connection);
      if (handle != null) {
        handle.close();
      }
    }
  }
}
