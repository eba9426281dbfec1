package dev.runhook.persistence.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.persistence.Postgres;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The PostgreSQL of these tests is a hasty one, so it has something to complain of.
class DurabilityTest {
  @RegisterExtension static final Postgres POSTGRES = Postgres.empty();

  @Test
  void what_the_server_has_off_is_named() {
    assertThat(new Durability(POSTGRES.pool()).findDisabledSettings())
        .containsExactly("fsync", "synchronous_commit");
  }

  @Test
  void what_is_off_for_this_database_alone_is_seen_and_what_is_on_is_not_complained_of() {
    String database =
        POSTGRES
            .jdbi()
            .withHandle(handle ->
                handle.createQuery("select current_database()").mapTo(String.class).one());
    POSTGRES
        .jdbi()
        .useHandle(handle ->
            handle.execute("alter database " + database + " set synchronous_commit = local"));
    POSTGRES.pool().getHikariPoolMXBean().softEvictConnections();

    assertThat(new Durability(POSTGRES.pool()).findDisabledSettings()).containsExactly("fsync");
  }
}
