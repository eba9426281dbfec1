package dev.runhook.bootstrap.observe;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.runhook.http.server.Readiness.Check;
import dev.runhook.persistence.schema.Schema;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ServerReadinessTest {
  private static final Check UNREACHABLE = new Check("database", false, "unreachable");

  private Optional<String> problem = Optional.empty();
  private final HikariDataSource database = unreachable();
  private final ServerReadiness readiness =
      new ServerReadiness(
          database, new Schema(database), ReplicationMonitorTest.withOneHost(), () -> problem);

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void a_server_is_not_ready_until_it_has_started() {
    assertThat(readiness.checks())
        .containsExactly(new Check("server", false, "starting; waiting for the database"));

    readiness.start();

    assertThat(readiness.checks())
        .containsExactly(new Check("server", true, "running"), UNREACHABLE);
  }

  @Test
  void a_server_that_shuts_down_is_not_ready() {
    readiness.start();

    readiness.drain();

    assertThat(readiness.checks())
        .containsExactly(new Check("server", false, "shutting down"), UNREACHABLE);
  }

  @Test
  void a_server_whose_loop_has_stopped_is_not_ready() {
    readiness.start();

    problem = Optional.of("no progress of runhook-dispatch");

    assertThat(readiness.checks())
        .containsExactly(
            new Check("server", false, "no progress of runhook-dispatch"), UNREACHABLE);
  }

  private static HikariDataSource unreachable() {
    HikariDataSource pool = new HikariDataSource();
    pool.setJdbcUrl("jdbc:postgresql://127.0.0.1:1/nowhere");
    pool.setInitializationFailTimeout(-1);
    pool.setConnectionTimeout(250);
    return pool;
  }
}
