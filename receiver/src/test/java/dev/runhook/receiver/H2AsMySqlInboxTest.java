package dev.runhook.receiver;

/// H2 with the statements and tables for MySQL, as in the tests of a service that uses MySQL.
class H2AsMySqlInboxTest extends JdbcInboxTest {
  H2AsMySqlInboxTest() {
    super(H2InboxTest.memory("mysql;MODE=MySQL;DATABASE_TO_LOWER=TRUE"), InboxDialect.MYSQL);
  }

  @Override
  String numberColumn() {
    return "bigint auto_increment primary key";
  }
}
