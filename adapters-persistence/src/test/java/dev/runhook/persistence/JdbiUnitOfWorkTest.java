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

/// A host's transaction that changes the host's tables and those of Runhook.
class JdbiUnitOfWorkTest {
  @RegisterExtension static final Postgres POSTGRES = Postgres.migrated();

  @BeforeAll
  static void createTableOfTheHost() {
    POSTGRES.jdbi().useHandle(handle -> handle.execute("create table host (note text)"));
  }

  @Test
  void a_commit_on_a_hosts_handle_commits_both() {
    Jdbi host = Jdbi.create(POSTGRES.pool());

    host.useTransaction(handle -> {
      handle.execute("insert into host values ('handle commit')");
      record(JdbiUnitOfWork.joining(handle), "handle-commit");
      handle.execute("insert into host values ('handle commit')");
    });

    assertThat(notes("handle commit")).isEqualTo(2);
    assertThat(exists("handle-commit")).isTrue();
  }

  @Test
  void a_rollback_on_a_hosts_handle_rolls_back_both() {
    try (Handle host = Jdbi.create(POSTGRES.pool()).open()) {
      host.begin();
      host.execute("insert into host values ('handle rollback')");
      record(JdbiUnitOfWork.joining(host), "handle-rollback");
      host.rollback();
    }

    assertThat(notes("handle rollback")).isZero();
    assertThat(exists("handle-rollback")).isFalse();
  }

  @Test
  void a_commit_on_a_hosts_connection_commits_both() throws SQLException {
    try (Connection connection = transaction("connection commit")) {
      record(JdbiUnitOfWork.joining(connection), "connection-commit");
      assertThat(exists("connection-commit")).isFalse();
      connection.commit();
      assertThat(connection.isClosed()).isFalse();
    }

    assertThat(notes("connection commit")).isEqualTo(1);
    assertThat(exists("connection-commit")).isTrue();
  }

  @Test
  void a_rollback_on_a_hosts_connection_rolls_back_both() throws SQLException {
    try (Connection connection = transaction("connection rollback")) {
      record(JdbiUnitOfWork.joining(connection), "connection-rollback");
      connection.rollback();
    }

    assertThat(notes("connection rollback")).isZero();
    assertThat(exists("connection-rollback")).isFalse();
  }

  @Test
  void joining_a_transaction_at_another_isolation_level_is_rejected() throws SQLException {
    try (Connection connection = POSTGRES.pool().getConnection()) {
      connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      connection.setAutoCommit(false);

      assertThatIllegalStateException()
          .isThrownBy(() -> JdbiUnitOfWork.joining(connection))
          .withMessage(
              "the transaction to join has the isolation level REPEATABLE READ;"
                  + " begin it at READ COMMITTED");
    }
  }

  @Test
  void joining_a_read_only_transaction_is_rejected() throws SQLException {
    try (Connection connection = POSTGRES.pool().getConnection()) {
      connection.setReadOnly(true);
      connection.setAutoCommit(false);

      assertThatIllegalStateException()
          .isThrownBy(() -> JdbiUnitOfWork.joining(connection))
          .withMessage("the transaction to join is read-only");
    }
  }

  @Test
  void joining_without_a_transaction_is_rejected() throws SQLException {
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
  void a_unit_can_join_before_the_hosts_first_statement() throws SQLException {
    try (Connection connection = POSTGRES.pool().getConnection()) {
      connection.setAutoCommit(false);

      record(JdbiUnitOfWork.joining(connection), "first");

      connection.commit();
    }
    assertThat(exists("first")).isTrue();
  }

  @Test
  void a_duplicate_endpoint_does_not_abort_the_hosts_transaction() throws SQLException {
    try (Connection connection = transaction("duplicate")) {
      JdbiUnitOfWork unit = JdbiUnitOfWork.joining(connection);
      StoreFixture.addStack(unit);
      StoreFixture.addWebhook(unit, 1);
      Webhook second = StoreFixture.addWebhook(unit, 2);
      Webhook edited =
          second.edited(
              new WebhookSettings(
                  Samples.endpoint(1),
                  "",
                  second.settings().subscription(),
                  second.settings().headers(),
                  second.settings().delivery()),
              Samples.NOON);

      boolean saved = unit.webhooks().save(edited);
      unit.stacks().delete(Samples.DEMO);

      assertThat(saved).isFalse();
      connection.commit();
    }
    assertThat(notes("duplicate")).isEqualTo(1);
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

  private static boolean exists(String slug) {
    return POSTGRES
        .transactor()
        .<Boolean>inTransaction(
            unit -> unit.stacks().find(new StackId(Samples.ACME, slug)).isPresent());
  }
}
