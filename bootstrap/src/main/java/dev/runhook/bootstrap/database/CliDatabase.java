package dev.runhook.bootstrap.database;

import dev.runhook.application.access.TokenAdmin;
import dev.runhook.bootstrap.setting.ConfigurationException;
import dev.runhook.bootstrap.setting.DatabaseSettings;
import dev.runhook.bootstrap.setting.Settings;
import dev.runhook.bootstrap.wiring.UuidV7IdGenerator;
import dev.runhook.persistence.JdbiTransactor;
import dev.runhook.persistence.schema.Schema;
import dev.runhook.persistence.secret.SecretCipher;
import dev.runhook.persistence.secret.SecretReencryption;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.util.Optional;

/// The store that the settings name, for one command: beside a running server, or without one. An
/// embedded database that does not run is started, and stopped by [#close].
public final class CliDatabase implements AutoCloseable {
  private final Optional<EmbeddedDatabase> started;
  private final ConnectionPool connectionPool;

  private CliDatabase(Optional<EmbeddedDatabase> started, DatabaseSettings settings) {
    this.started = started;
    this.connectionPool = ConnectionPool.forCommand(settings);
  }

  /// A [ConfigurationException] says why there is none.
  public static CliDatabase open(Settings settings) {
    settings.database().ifPresent(CliDatabase::requireReachable);
    CliDatabase store =
        settings
            .database()
            .or(() -> runningIn(settings.dataDir()))
            .map(CliDatabase::on)
            .orElseGet(() -> startedFor(settings));
    try {
      new Schema(store.connectionPool.dataSource()).migrate();
      return store;
    } catch (RuntimeException e) {
      store.close();
      throw e;
    }
  }

  public TokenAdmin tokenAdmin() {
    return TokenAdmin.using(
        new JdbiTransactor(connectionPool.dataSource()),
        new UuidV7IdGenerator(),
        new SecureRandom(),
        _ -> {});
  }

  /// The secrets as they are kept.
  public SecretReencryption secretReencryption(SecretCipher cipher) {
    return new SecretReencryption(connectionPool.dataSource(), cipher);
  }

  @Override
  public void close() {
    connectionPool.close();
    started.ifPresent(own -> {
      try {
        own.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    });
  }

  /// The embedded database of a server that runs on that data folder.
  private static Optional<DatabaseSettings> runningIn(Path dataDir) {
    return new Postmaster(EmbeddedDatabase.directory(dataDir))
        .findRunningPort()
        .map(port -> at("jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=postgres"))
        .filter(found -> failure(found).isEmpty());
  }

  private static CliDatabase startedFor(Settings settings) {
    EmbeddedDatabase own = EmbeddedDatabase.start(settings.dataDir());
    return new CliDatabase(Optional.of(own), at(own.jdbcUrl()));
  }

  private static CliDatabase on(DatabaseSettings settings) {
    return new CliDatabase(Optional.empty(), settings);
  }

  private static DatabaseSettings at(String jdbcUrl) {
    return new DatabaseSettings(jdbcUrl, Optional.empty(), Optional.empty());
  }

  /// A person waits: so this tries once, where a server tries again and again.
  private static void requireReachable(DatabaseSettings settings) {
    failure(settings)
        .ifPresent(why -> {
          throw new ConfigurationException(
              "RUNHOOK_DATABASE_URL: the database at " + settings + " cannot be used: " + why);
        });
  }

  private static Optional<String> failure(DatabaseSettings settings) {
    try {
      ConnectionPool.connect(settings).close();
      return Optional.empty();
    } catch (SQLException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }
}
