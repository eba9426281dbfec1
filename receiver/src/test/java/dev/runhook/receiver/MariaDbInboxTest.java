package dev.runhook.receiver;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/// A real server with the default isolation, which is stricter than that of the other databases.
@Tag("slow")
class MariaDbInboxTest extends JdbcInboxTest {
  @TempDir private static Path folder;

  private static @Nullable MariaDbServer server;

  MariaDbInboxTest() throws SQLException {
    super(requireNonNull(server).dataSource(), InboxDialect.MYSQL);
  }

  @BeforeAll
  static void start() throws SQLException {
    server = MariaDbServer.start(folder);
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
  }

  @Override
  String numberColumn() {
    return "bigint auto_increment primary key";
  }
}
