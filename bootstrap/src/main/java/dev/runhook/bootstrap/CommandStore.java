package dev.runhook.bootstrap;

import dev.runhook.application.access.TokenAdmin;
import dev.runhook.bootstrap.setting.ConfigurationException;
import dev.runhook.bootstrap.setting.DatabaseSettings;
import dev.runhook.bootstrap.setting.Settings;
import dev.runhook.persistence.JdbiTransactor;
import dev.runhook.persistence.Schema;
import dev.runhook.persistence.SecretCipher;
import dev.runhook.persistence.StoredSecrets;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.util.Optional;

/// The store that the settings name, for one command: beside a running server, or without one. An
/// embedded database that does not run is started, and stopped by [#close].
final class CommandStore implements AutoCloseable {
  private final Optional<EmbeddedDatabase> started;
  private final Pool pool;

  private CommandStore(Optional<EmbeddedDatabase> started, DatabaseSettings settings) {
    this.started = started;
    this.pool = Pool.forCommand(settings);
  }

  /// A [ConfigurationException] says why there is none.
  static CommandStore open(Settings settings) {
    settings.database().ifPresent(CommandStore::requireReachable);
    CommandStore store =
        settings
            .database()
            .or(() -> runningIn(settings.dataDir()))
            .map(CommandStore::on)
            .orElseGet(() -> startedFor(settings));
    try {
      new Schema(store.pool.connections()).migrate();
      return store;
    } catch (RuntimeException e) {
      store.close();
      throw e;
    }
  }

  TokenAdmin tokens() {
    return TokenAdmin.using(
        new JdbiTransactor(pool.connections()),
        new TokenAdmin.Sources(new Ids(), new SecureRandom()),
        _ -> {});
  }

  /// The secrets as they are kept.
  StoredSecrets secrets(SecretCipher cipher) {
    return new StoredSecrets(pool.connections(), cipher);
  }

  @Override
  public void close() {
    pool.close();
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
    return new Postmaster(EmbeddedDatabase.folder(dataDir))
        .runningPort()
        .map(port -> at("jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=postgres"))
        .filter(found -> failure(found).isEmpty());
  }

  private static CommandStore startedFor(Settings settings) {
    EmbeddedDatabase own = EmbeddedDatabase.start(settings.dataDir());
    return new CommandStore(Optional.of(own), at(own.jdbcUrl()));
  }

  private static CommandStore on(DatabaseSettings settings) {
    return new CommandStore(Optional.empty(), settings);
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
      Pool.connect(settings).close();
      return Optional.empty();
    } catch (SQLException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }
}
