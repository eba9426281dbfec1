package dev.runhook.bootstrap;

import dagger.Module;
import dagger.Provides;
import dev.runhook.application.repeat.Repeats;
import dev.runhook.application.spi.History;
import dev.runhook.application.spi.Transactor;
import dev.runhook.bootstrap.setting.Settings;
import dev.runhook.persistence.Bell;
import dev.runhook.persistence.JdbiTransactor;
import dev.runhook.persistence.PartitionedHistory;
import dev.runhook.persistence.SecretCipher;
import jakarta.inject.Singleton;

@Module
interface PersistenceModule {
  @Provides
  @Singleton
  static Transactor transactor(Database database, SecretCipher cipher) {
    return Repeats.marking(new JdbiTransactor(database.pool(), cipher));
  }

  @Provides
  @Singleton
  static EngineStore engineStore(Database database, SecretCipher cipher) {
    return new EngineStore(new JdbiTransactor(database.enginePool(), cipher));
  }

  @Provides
  @Singleton
  static SecretCipher cipher(Settings settings) {
    return settings.encryption().cipher();
  }

  /// Transactions for the engine, on connections that requests cannot use up.
  record EngineStore(Transactor transactor) {}

  @Provides
  @Singleton
  static Bell bell(Database database) {
    return new Bell(database.pool());
  }

  @Provides
  static History history(Database database) {
    return new PartitionedHistory(database.pool());
  }
}
