package dev.runhook.bootstrap.database;

import dev.runhook.application.StoreUnavailableException;
import dev.runhook.bootstrap.setting.ConfigurationException;
import dev.runhook.bootstrap.setting.DatabaseSettings;
import dev.runhook.bootstrap.setting.Settings;
import dev.runhook.bootstrap.setting.StartupException;
import dev.runhook.persistence.schema.Schema;
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

  /// Tries only once, because a user is waiting. A server would retry.
  ///
  /// @throws StoreUnavailableException if the external database is unreachable
  /// @throws StartupException if the embedded database does not start
  /// @throws ConfigurationException if the database rejects the connection, or the data directory
  ///   is unusable
  public static CliDatabase open(Settings settings) {
    settings.database().ifPresent(Database::requireReachable);
    CliDatabase database =
        settings
            .database()
            .or(() ->
                EmbeddedDatabase.findRunning(settings.dataDir()).filter(CliDatabase::isReachable))
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

  private static CliDatabase startEmbedded(Settings settings) {
    EmbeddedDatabase embedded = EmbeddedDatabase.in(settings.dataDir());
    try {
      embedded.start();
    } catch (StartupException e) {
      embedded.close();
      throw e;
    }
    return new CliDatabase(Optional.of(embedded), embedded.settings());
  }

  private static boolean isReachable(DatabaseSettings settings) {
    try {
      Database.requireReachable(settings);
      return true;
    } catch (StoreUnavailableException | ConfigurationException _) {
      return false;
    }
  }
}
