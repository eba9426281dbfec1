package dev.runhook.bootstrap.database;

import dev.runhook.bootstrap.setting.ConfigurationException;
import dev.runhook.bootstrap.setting.DatabaseSettings;
import dev.runhook.bootstrap.setting.Settings;
import dev.runhook.persistence.schema.Schema;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Optional;
import javax.sql.DataSource;

/// The configured database for one command, with or without a running server. If the embedded
/// database is not running, this class starts it, and [#close] stops it.
public final class CliDatabase implements AutoCloseable {
  private final Optional<EmbeddedDatabase> embedded;
  private final ConnectionPool pool;

  private CliDatabase(Optional<EmbeddedDatabase> embedded, DatabaseSettings settings) {
    this.embedded = embedded;
    this.pool = ConnectionPool.forCommand(settings);
  }

  /// @throws ConfigurationException if it is unusable
  public static CliDatabase open(Settings settings) {
    settings.database().ifPresent(CliDatabase::requireReachable);
    CliDatabase database =
        settings
            .database()
            .or(() -> findRunning(settings.dataDir()))
            .map(found -> new CliDatabase(Optional.empty(), found))
            .orElseGet(() -> startEmbedded(settings));
    try {
      new Schema(database.dataSource()).migrate();
      return database;
    } catch (RuntimeException e) {
      database.close();
      throw e;
    }
  }

  public DataSource dataSource() {
    return pool.dataSource();
  }

  @Override
  public void close() {
    pool.close();
    embedded.ifPresent(EmbeddedDatabase::close);
  }

  /// Returns the embedded database of a server that uses the data directory.
  private static Optional<DatabaseSettings> findRunning(Path dataDir) {
    return new Postmaster(EmbeddedDatabase.directory(dataDir))
        .findRunningPort()
        .map(port -> "jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=postgres")
        .map(DatabaseSettings::new)
        .filter(found -> connectionFailure(found).isEmpty());
  }

  private static CliDatabase startEmbedded(Settings settings) {
    EmbeddedDatabase embedded = EmbeddedDatabase.start(settings.dataDir());
    return new CliDatabase(Optional.of(embedded), new DatabaseSettings(embedded.jdbcUrl()));
  }

  /// Tries only once, because a user is waiting. A server would retry.
  private static void requireReachable(DatabaseSettings settings) {
    connectionFailure(settings)
        .ifPresent(reason -> {
          throw new ConfigurationException(
              "RUNHOOK_DATABASE_URL: cannot connect to the database at %s: %s"
                  .formatted(settings, reason));
        });
  }

  private static Optional<String> connectionFailure(DatabaseSettings settings) {
    try {
      ConnectionPool.connect(settings).close();
      return Optional.empty();
    } catch (SQLException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }
}
