package dev.runhook.receiver;

import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;

class H2InboxTest extends JdbcInboxTest {
  H2InboxTest() {
    super(memory("inbox"), InboxDialect.H2);
  }

  /// A database in memory. The time for locks is generous, because builds share the machine.
  static DataSource memory(String name) {
    JdbcDataSource database = new JdbcDataSource();
    database.setURL("jdbc:h2:mem:" + name + ";DB_CLOSE_DELAY=-1;LOCK_TIMEOUT=20000");
    return database;
  }

  @Override
  String numberColumn() {
    return "bigint auto_increment primary key";
  }
}
