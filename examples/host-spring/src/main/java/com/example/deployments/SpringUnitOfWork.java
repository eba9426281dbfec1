package com.example.deployments;

import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.persistence.JdbiUnitOfWork;
import java.sql.Connection;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/// Connects Spring's transactions with Runhook's units of work.
public final class SpringUnitOfWork {
  private SpringUnitOfWork() {}

  /// Joins the Spring transaction of this thread. Spring still commits it or rolls it back, and
  /// releases the connection.
  public static UnitOfWork joining(DataSource dataSource) {
    if (!TransactionSynchronizationManager.isActualTransactionActive()) {
      throw new IllegalStateException("no Spring transaction is active on this thread");
    }
    Connection connection = DataSourceUtils.getConnection(dataSource);
    return JdbiUnitOfWork.joining(connection);
  }
}
