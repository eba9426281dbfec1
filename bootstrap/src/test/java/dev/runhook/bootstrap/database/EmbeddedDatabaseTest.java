package dev.runhook.bootstrap.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runhook.bootstrap.setting.ConfigurationException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedDatabaseTest {
  @TempDir private Path dataDir;

  @Test
  void a_directory_that_cannot_be_used_is_not_left_locked() throws IOException {
    Files.createDirectory(EmbeddedDatabase.directory(dataDir));

    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> EmbeddedDatabase.in(dataDir))
          .isInstanceOf(ConfigurationException.class)
          .hasMessageContaining("postgres-password is missing");
    }
  }

  @Test
  void a_directory_is_locked_until_its_database_is_closed() {
    EmbeddedDatabase first = EmbeddedDatabase.in(dataDir);
    assertThatThrownBy(() -> EmbeddedDatabase.in(dataDir))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("is in use by another Runhook");
    first.close();

    try (EmbeddedDatabase second = EmbeddedDatabase.in(dataDir)) {
      assertThat(second.settings().password()).isEqualTo(first.settings().password());
    }
  }

  /// Linux gives outgoing connections ports from 32768 on, other systems from 49152 on.
  @Test
  void outgoing_connections_cannot_take_the_port() {
    try (EmbeddedDatabase database = EmbeddedDatabase.in(dataDir)) {
      URI server = URI.create(database.settings().jdbcUrl().substring("jdbc:".length()));
      assertThat(server.getPort()).isLessThan(32_768);
    }
  }
}
