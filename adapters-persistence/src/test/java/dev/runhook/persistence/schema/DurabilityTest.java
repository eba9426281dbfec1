package dev.runhook.persistence.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.persistence.Postgres;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The PostgreSQL server of these tests has durability disabled.
class DurabilityTest {
  @RegisterExtension static final Postgres POSTGRES = Postgres.empty();

  @AfterEach
  void resetDatabase() {
    alterDatabase("reset synchronous_commit");
  }

  @Test
  void disabled_server_settings_are_reported() {
    assertThat(new Schema(POSTGRES.pool()).findDisabledDurabilitySettings())
        .containsExactly("fsync", "synchronous_commit");
  }

  @Test
  void a_setting_of_the_database_takes_precedence_over_the_server() {
    alterDatabase("set synchronous_commit = local");

    assertThat(new Schema(POSTGRES.pool()).findDisabledDurabilitySettings())
        .containsExactly("fsync");
  }

  private static void alterDatabase(String change) {
    POSTGRES
        .jdbi()
        .useHandle(handle -> {
          String database =
              handle.createQuery("select current_database()").mapTo(String.class).one();
          handle.execute("alter database " + database + " " + change);
        });
    POSTGRES.pool().getHikariPoolMXBean().softEvictConnections();
  }
}
