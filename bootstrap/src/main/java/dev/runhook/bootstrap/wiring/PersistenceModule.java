package dev.runhook.bootstrap.wiring;

import dagger.Module;
import dagger.Provides;
import dev.runhook.application.spi.HistoryPartitions;
import dev.runhook.application.spi.Transactor;
import dev.runhook.bootstrap.database.Database;
import dev.runhook.bootstrap.setting.Settings;
import dev.runhook.persistence.JdbiTransactor;
import dev.runhook.persistence.history.JdbiHistoryPartitions;
import dev.runhook.persistence.notify.PgNotifier;
import dev.runhook.persistence.secret.SecretCipher;
import jakarta.inject.Named;
import jakarta.inject.Singleton;

@Module
interface PersistenceModule {
  /// Names the transactor of the dispatcher, whose connections requests cannot exhaust.
  String DISPATCHER = "dispatcher";

  @Provides
  @Singleton
  static Transactor transactor(Database database, SecretCipher cipher) {
    return new JdbiTransactor(database.requestDataSource(), cipher);
  }

  @Provides
  @Singleton
  @Named(DISPATCHER)
  static Transactor dispatcherTransactor(Database database, SecretCipher cipher) {
    return new JdbiTransactor(database.dispatcherDataSource(), cipher);
  }

  @Provides
  @Singleton
  static SecretCipher cipher(Settings settings) {
    return settings.encryption().cipher();
  }

  @Provides
  @Singleton
  static PgNotifier notifier(Database database) {
    return new PgNotifier(database.requestDataSource());
  }

  @Provides
  static HistoryPartitions historyPartitions(Database database) {
    return new JdbiHistoryPartitions(database.requestDataSource());
  }
}
