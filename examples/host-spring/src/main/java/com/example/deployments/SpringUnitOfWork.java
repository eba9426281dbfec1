package com.example.deployments;

import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.persistence.JdbiUnitOfWork;
import java.sql.Connection;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/// The bridge between Spring's transactions and Runhook's units of work.
public final class SpringUnitOfWork {
  private SpringUnitOfWork() {}

  /// Joins the transaction that Spring has open on this thread. Spring commits it, rolls it back
  /// and gives its connection back.
  public static UnitOfWork joining(DataSource dataSource) {
    if (!TransactionSynchronizationManager.isActualTransactionActive()) {
      throw new IllegalStateException("there is no transaction of Spring's to join");
    }
    Connection connection = DataSourceUtils.getConnection(dataSource);
    return JdbiUnitOfWork.joining(connection);
  }
}
