package dev.runhook.bootstrap.wiring;

import dagger.Module;
import dagger.Provides;
import dev.runhook.application.idempotency.IdempotentRequests;
import dev.runhook.application.spi.HistoryPartitions;
import dev.runhook.application.spi.Transactor;
import dev.runhook.bootstrap.database.Database;
import dev.runhook.bootstrap.setting.Settings;
import dev.runhook.persistence.JdbiTransactor;
import dev.runhook.persistence.history.JdbiHistoryPartitions;
import dev.runhook.persistence.notify.PgNotifier;
import dev.runhook.persistence.secret.SecretCipher;
import jakarta.inject.Singleton;

@Module
interface PersistenceModule {
  @Provides
  @Singleton
  static Transactor transactor(Database database, SecretCipher cipher) {
    return IdempotentRequests.marking(new JdbiTransactor(database.requestDataSource(), cipher));
  }

  @Provides
  @Singleton
  static DispatcherTransactor dispatcherTransactor(Database database, SecretCipher cipher) {
    return new DispatcherTransactor(new JdbiTransactor(database.dispatcherDataSource(), cipher));
  }

  @Provides
  @Singleton
  static SecretCipher cipher(Settings settings) {
    return settings.encryption().cipher();
  }

  /// Transactions for the engine, on connections that requests cannot use up.
  record DispatcherTransactor(Transactor transactor) {}

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
