package dev.runhook.receiver;

import static dev.runhook.receiver.DeliveryResult.ACCEPTED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.runhook.testkit.postgres.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/// An inbox whose statement is sent with the commit.
class PostgresCommitInboxTest extends JdbcInboxTest {
  private static final TestDatabase DATABASE = TestDatabase.empty();

  PostgresCommitInboxTest() {
    super(DATABASE.pool(), InboxDialect.POSTGRESQL);
  }

  @AfterAll
  static void close() {
    DATABASE.close();
  }

  @Override
  String numberColumn() {
    return "bigserial primary key";
  }

  @Override
  <E extends Exception> DeliveryResult receive(
      JdbcInbox into, Connection connection, SignedDelivery delivery, InboxHandler<E> handler)
      throws SQLException, E {
    return receiveAndCommit(into, connection, delivery, handler);
  }

  @Test
  void a_handler_whose_effect_is_committed_has_seen_those_of_all_earlier_events() throws Exception {
    receive(ordered, SignedDelivery.of("run-1", 1, 0));
    SignedDelivery third = SignedDelivery.of("run-1", 3, 2);
    List<List<String>> seen = new ArrayList<>();

    DeliveryResult result =
        inTransaction(connection ->
            receive(
                ordered,
                connection,
                third,
                event -> {
                  seen.add(effects(connection));
                  if (seen.size() == 1) {
                    receive(ordered, SignedDelivery.of("run-1", 2, 1));
                  }
                  new EffectHandler(connection).handle(event);
                }));

    assertThat(result).isEqualTo(ACCEPTED);
    assertThat(seen).containsExactly(List.of("run-1 v1"), List.of("run-1 v1", "run-1 v2"));
    assertThat(effects()).containsExactly("run-1 v1", "run-1 v2", "run-1 v3");
  }

  @Test
  void an_isolation_that_would_hide_earlier_effects_is_refused() throws Exception {
    SignedDelivery delivery = SignedDelivery.of("run-1", 1, 0);

    assertThatIllegalStateException()
        .isThrownBy(() ->
            inTransaction(connection ->
                ordered.receiveAndCommit(
                    connection, delivery::header, delivery.bytes(), new EffectHandler(connection))))
        .withMessageContaining("REPEATABLE READ");

    assertThat(effects()).isEmpty();
    assertThat(receive(ordered, delivery)).isEqualTo(ACCEPTED);
  }
}
