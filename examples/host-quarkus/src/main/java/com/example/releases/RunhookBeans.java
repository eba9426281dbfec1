package com.example.releases;

import dev.runhook.application.run.RunJournal;
import dev.runhook.application.webhook.WebhookAdmin;
import dev.runhook.embedded.Runhook;
import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import jakarta.transaction.TransactionManager;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/// Starts Runhook with the application and closes it with the application.
public class RunhookBeans {
  @Produces
  @Singleton
  @Startup
  Runhook runhook(
      @DataSource("runhook") AgroalDataSource pool,
      AgroalDataSource transactional,
      TransactionManager transactions,
      @ConfigProperty(name = "webhooks.allowed-network") String network) {
    JtaTransactions jta = new JtaTransactions(transactions, transactional);
    return Runhook.on(pool)
        .allowedNetworks(network)
        .joining(jta::findConnection, jta::afterCommit)
        .start();
  }

  void stop(@Disposes Runhook runhook) {
    runhook.close();
  }

  @Produces
  @Singleton
  RunJournal journal(Runhook runhook) {
    return runhook.journal();
  }

  @Produces
  @Singleton
  WebhookAdmin webhooks(Runhook runhook) {
    return runhook.webhooks();
  }
}
