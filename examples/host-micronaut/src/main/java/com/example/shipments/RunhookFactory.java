package com.example.shipments;

import dev.runhook.application.run.RunJournal;
import dev.runhook.application.webhook.WebhookAdmin;
import dev.runhook.embedded.Runhook;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Value;
import io.micronaut.data.connection.jdbc.advice.DelegatingDataSource;
import io.micronaut.transaction.TransactionOperations;
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
      @Value("${webhooks.allowed-network}") String network) {
    return Runhook.on(DelegatingDataSource.unwrapDataSource(dataSource))
        .allowedNetworks(network)
        .joining(
            () ->
                transactions
                    .findTransactionStatus()
                    .map(status -> (Connection) status.getConnection()),
            action -> afterCommit(transactions, action))
        .start();
  }

  private static void afterCommit(TransactionOperations<Connection> transactions, Runnable action) {
    transactions
        .findTransactionStatus()
        .orElseThrow()
        .registerSynchronization(
            new TransactionSynchronization() {
              @Override
              public void afterCommit() {
                action.run();
              }
            });
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
