package com.example.builds;

import dev.runhook.persistence.JdbiUnitOfWork;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.Function;
import javax.sql.DataSource;

/// Transactions with plain JDBC: one connection, one commit. Runhook joins the transaction and
/// leaves commit and rollback to this class.
public final class JdbcTransactions implements Transactions {
  private final DataSource database;

  public JdbcTransactions(DataSource database) {
    this.database = database;
  }

  @Override
  public <T> T call(Function<Transaction, T> work) {
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);
      return callOn(connection, work);
    } catch (SQLException e) {
      throw new IllegalStateException("cannot use the database", e);
    }
  }

  private static <T> T callOn(Connection connection, Function<Transaction, T> work)
      throws SQLException {
    try {
      T result =
          work.apply(
              new Transaction(new JdbcBuilds(connection), JdbiUnitOfWork.joining(connection)));
      connection.commit();
      return result;
    } catch (RuntimeException | Error e) {
      connection.rollback();
      throw e;
    }
  }
}
