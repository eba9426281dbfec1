package dev.runhook.bootstrap;

import dagger.Module;
import dagger.Provides;
import dev.runhook.application.spi.History;
import dev.runhook.application.spi.Transactor;
import dev.runhook.persistence.Bell;
import dev.runhook.persistence.JdbiTransactor;
import dev.runhook.persistence.PartitionedHistory;
import jakarta.inject.Singleton;
import javax.sql.DataSource;

@Module
interface PersistenceModule {
  @Provides
  @Singleton
  static Transactor transactor(DataSource database) {
    return new JdbiTransactor(database);
  }

  @Provides
  @Singleton
  static Bell bell(DataSource database) {
    return new Bell(database);
  }

  @Provides
  static History history(DataSource database) {
    return new PartitionedHistory(database);
  }
}
