package dev.runhook.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.runhook.application.spi.Stacks;
import dev.runhook.domain.run.Stack;
import dev.runhook.domain.run.StackId;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.domain.webhook.WebhookSettings;
import dev.runhook.testkit.Samples;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// A host's own transaction, with its own tables and ours.
class JdbiUnitOfWorkTest {
  @RegisterExtension static final Postgres POSTGRES = Postgres.migrated();

  @BeforeAll
  static void hostsOwnTable() {
    POSTGRES.jdbi().useHandle(handle -> handle.execute("create table host (note text)"));
  }

  @Test
  void what_a_host_commits_on_its_handle_is_kept_together() {
    Jdbi host = Jdbi.create(POSTGRES.pool());

    host.useTransaction(handle -> {
      handle.execute("insert into host values ('handle kept')");
      record(JdbiUnitOfWork.joining(handle), "handle-kept");
      handle.execute("insert into host values ('handle kept')");
    });

    assertThat(notes("handle kept")).isEqualTo(2);
    assertThat(isKnown("handle-kept")).isTrue();
  }

  @Test
  void what_a_host_rolls_back_on_its_handle_is_gone_together() {
    try (Handle host = Jdbi.create(POSTGRES.pool()).open()) {
      host.begin();
      host.execute("insert into host values ('handle gone')");
      record(JdbiUnitOfWork.joining(host), "handle-gone");
      host.rollback();
    }

    assertThat(notes("handle gone")).isZero();
    assertThat(isKnown("handle-gone")).isFalse();
  }

  @Test
  void what_a_host_commits_on_its_connection_is_kept_together() throws SQLException {
    try (Connection connection = transaction("connection kept")) {
      record(JdbiUnitOfWork.joining(connection), "connection-kept");
      assertThat(isKnown("connection-kept")).isFalse();
      connection.commit();
      assertThat(connection.isClosed()).isFalse();
    }

    assertThat(notes("connection kept")).isEqualTo(1);
    assertThat(isKnown("connection-kept")).isTrue();
  }

  @Test
  void what_a_host_rolls_back_on_its_connection_is_gone_together() throws SQLException {
    try (Connection connection = transaction("connection gone")) {
      record(JdbiUnitOfWork.joining(connection), "connection-gone");
      connection.rollback();
    }

    assertThat(notes("connection gone")).isZero();
    assertThat(isKnown("connection-gone")).isFalse();
  }

  @Test
  void without_a_transaction_there_is_nothing_to_join() throws SQLException {
    try (Connection connection = POSTGRES.pool().getConnection();
        Handle handle = POSTGRES.jdbi().open()) {
      assertThatIllegalStateException().isThrownBy(() -> JdbiUnitOfWork.joining(connection));
      assertThatIllegalStateException().isThrownBy(() -> JdbiUnitOfWork.joining(handle));
    }
  }

  @Test
  void a_joined_unit_ends_with_the_hosts_transaction() throws SQLException {
    try (Connection connection = transaction("ended")) {
      JdbiUnitOfWork unit = JdbiUnitOfWork.joining(connection);
      Stacks stacks = unit.stacks();
      assertThat(stacks.find(Samples.DEMO)).isEmpty();

      connection.commit();

      assertThatIllegalStateException().isThrownBy(unit::now);
      assertThatIllegalStateException().isThrownBy(() -> stacks.find(Samples.DEMO));
    }
  }

  @Test
  void a_unit_joined_before_the_hosts_first_statement_is_good() throws SQLException {
    try (Connection connection = POSTGRES.pool().getConnection()) {
      connection.setAutoCommit(false);

      record(JdbiUnitOfWork.joining(connection), "first");

      connection.commit();
    }
    assertThat(isKnown("first")).isTrue();
  }

  @Test
  void an_endpoint_that_is_taken_does_not_spoil_the_hosts_transaction() throws SQLException {
    try (Connection connection = transaction("unspoilt")) {
      JdbiUnitOfWork unit = JdbiUnitOfWork.joining(connection);
      StoreFixture.addStack(unit);
      StoreFixture.addWebhook(unit, 1);
      Webhook second = StoreFixture.addWebhook(unit, 2);
      Webhook moved =
          second.edited(
              new WebhookSettings(
                  Samples.endpoint(1),
                  "",
                  second.settings().subscription(),
                  second.settings().headers(),
                  second.settings().delivery()),
              Samples.NOON);

      boolean saved = unit.webhooks().save(moved);
      unit.stacks().delete(Samples.DEMO);

      assertThat(saved).isFalse();
      connection.commit();
    }
    assertThat(notes("unspoilt")).isEqualTo(1);
  }

  private static Connection transaction(String note) throws SQLException {
    Connection connection = POSTGRES.pool().getConnection();
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      statement.execute("insert into host values ('" + note + "')");
    }
    return connection;
  }

  private static void record(JdbiUnitOfWork unit, String slug) {
    unit.stacks().save(Stack.named(new StackId(Samples.ACME, slug), slug));
  }

  private static long notes(String note) {
    return POSTGRES.count("select count(*) from host where note = '" + note + "'");
  }

  private static boolean isKnown(String slug) {
    return POSTGRES
        .transactor()
        .<Boolean>inTransaction(
            unit -> unit.stacks().find(new StackId(Samples.ACME, slug)).isPresent());
  }
}
