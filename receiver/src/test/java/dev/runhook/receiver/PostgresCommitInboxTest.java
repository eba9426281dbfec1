package dev.runhook.receiver;

import dev.runhook.testkit.postgres.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;

/// An inbox whose statement is sent with the commit.
class PostgresCommitInboxTest extends JdbcInboxTest {
  private static final TestDatabase DATABASE = TestDatabase.empty();

  PostgresCommitInboxTest() {
    super(DATABASE.pool(), InboxDialect.POSTGRESQL);
  }

  @AfterAll
  static void close() {
    DATABASE.close();
  }

  @Override
  String numberColumn() {
    return "bigserial primary key";
  }

  @Override
  <E extends Exception> DeliveryResult receive(
      JdbcInbox into, Connection connection, SignedDelivery delivery, InboxHandler<E> handler)
      throws SQLException, E {
    return into.receiveAndCommit(connection, delivery::header, delivery.bytes(), handler);
  }
}
