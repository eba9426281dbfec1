package dev.runhook.persistence.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.persistence.Postgres;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The PostgreSQL server of these tests has durability disabled.
class DurabilityTest {
  @RegisterExtension static final Postgres POSTGRES = Postgres.empty();

  @AfterEach
  void resetDatabase() {
    alterDatabase("reset synchronous_commit");
  }

  @Test
  void disabled_server_settings_are_reported() {
    assertThat(new Schema(POSTGRES.pool()).findUnsafeSettings(false))
        .containsExactly("fsync off", "synchronous_commit off");
  }

  @Test
  void a_setting_of_the_database_takes_precedence_over_the_server() {
    alterDatabase("set synchronous_commit = local");

    assertThat(new Schema(POSTGRES.pool()).findUnsafeSettings(false)).containsExactly("fsync off");
  }

  @ParameterizedTest
  @CsvSource({
    "local, synchronous_commit local",
    "remote_write, synchronous_commit remote_write",
    "on,",
    "remote_apply,"
  })
  void a_commit_that_may_exist_on_one_server_only_is_reported_if_the_database_is_replicated(
      String commit, @Nullable String reported) {
    alterDatabase("set synchronous_commit = " + commit);

    assertThat(new Schema(POSTGRES.pool()).findUnsafeSettings(true))
        .containsExactlyElementsOf(
            Stream.of("fsync off", reported, "synchronous_standby_names empty")
                .filter(Objects::nonNull)
                .toList());
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
