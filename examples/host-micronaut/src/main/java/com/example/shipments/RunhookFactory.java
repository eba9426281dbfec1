package com.example.shipments;

import dev.runhook.application.run.RunJournal;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.application.webhook.WebhookAdmin;
import dev.runhook.embedded.Runhook;
import dev.runhook.persistence.JdbiUnitOfWork;
import io.micronaut.context.BeanProvider;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Value;
import io.micronaut.data.connection.jdbc.advice.DelegatingDataSource;
import io.micronaut.transaction.TransactionOperations;
import io.micronaut.transaction.TransactionStatus;
import io.micronaut.transaction.support.TransactionSynchronization;
import jakarta.inject.Singleton;
import java.sql.Connection;
import javax.sql.DataSource;

/// Starts Runhook with the application and closes it with the application.
@Factory
final class RunhookFactory {
  @Context
  @Bean(preDestroy = "close")
  Runhook runhook(
      DataSource dataSource,
      TransactionOperations<Connection> transactions,
      @Value("${webhooks.allowed-network}") String network,
      BeanProvider<Runhook> self) {
    return Runhook.on(DelegatingDataSource.unwrapDataSource(dataSource))
        .allowedNetworks(network)
        .joining(() -> transactions.findTransactionStatus().map(status -> join(status, self)))
        .start();
  }

  private static UnitOfWork join(TransactionStatus<?> status, BeanProvider<Runhook> self) {
    status.registerSynchronization(
        new TransactionSynchronization() {
          @Override
          public void afterCommit() {
            self.get().wake();
          }
        });
    return JdbiUnitOfWork.joining((Connection) status.getConnection());
  }

  @Singleton
  RunJournal journal(Runhook runhook) {
    return runhook.journal();
  }

  @Singleton
  WebhookAdmin webhooks(Runhook runhook) {
    return runhook.webhooks();
  }
}
