package dev.runhook.persistence.schema;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runhook.domain.run.RunId;
import dev.runhook.domain.webhook.Webhook;
import dev.runhook.persistence.Postgres;
import dev.runhook.persistence.StoreFixture;
import org.jdbi.v3.core.JdbiException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Invariants that PostgreSQL enforces.
class ConstraintsTest {
  @RegisterExtension static final Postgres POSTGRES = Postgres.migrated();

  @BeforeAll
  static void fill() {
    POSTGRES
        .transactor()
        .run(unit -> {
          StoreFixture.addStack(unit);
          Webhook webhook = StoreFixture.addWebhook(unit, 1);
          RunId run = StoreFixture.addRun(unit, "one");
          StoreFixture.recordTransition(unit, webhook, run);
          StoreFixture.recordTransition(unit, webhook, run);
        });
  }

  @Test
  void a_lane_cannot_have_two_due_deliveries() {
    assertThatThrownBy(() -> execute("update runhook.delivery_queue set due_at = now()"))
        .isInstanceOf(JdbiException.class)
        .hasMessageContaining("delivery_queue_lane_key");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "update runhook.webhook set health = 'SICK'",
        "update runhook.webhook set health = 'PAUSED'",
        "update runhook.webhook set consecutive_failures = -1",
        "update runhook.webhook set header_names = array['a']",
        "update runhook.webhook set previous_secret = 'old'",
        "update runhook.webhook set timeout_ms = 99",
        "update runhook.webhook set timeout_ms = 300001",
        "insert into runhook.token values (gen_random_uuid(), 'a', '\\x00', 'n', 'ADMIN', null, now(), 'b')",
        "insert into runhook.token values (gen_random_uuid(), 'a', sha256(''), 'n', 'OWNER', null, now(), 'b')",
        "insert into runhook.token values (gen_random_uuid(), 'a', sha256(''), 'n', 'ADMIN', null, now(), 'b', null, null, null, sha256(''))",
        "insert into runhook.token values (gen_random_uuid(), 'a', sha256(''), 'n', 'ADMIN', '{}', now(), 'b')",
        "insert into runhook.token values (gen_random_uuid(), 'a', sha256(''), 'n', 'ADMIN', '{null}', now(), 'b')",
        "update runhook.run set state_version = 0",
        "update runhook.run set delta_added = 1",
        "update runhook.delivery_queue set leased_until = now() where due_at is null",
        "update runhook.delivery_queue set run_id = null",
        "update runhook.delivery_queue set attempts = -1",
        "update runhook.event set kind = 'PING'",
        """
        insert into runhook.delivery
        select id, webhook_id, run_id, event_id, kind, state, state_version, 1, 'PENDING', 1, now()
        from runhook.delivery_queue
        """,
        """
        insert into runhook.attempt (delivery_id, number, started_at, duration_ns, outcome)
        select id, 1, now(), 0, 'REJECTED' from runhook.delivery_queue
        """
      })
  void an_inconsistent_row_is_rejected(String statement) {
    assertThatThrownBy(() -> execute(statement))
        .isInstanceOf(JdbiException.class)
        .hasMessageContaining("violates check constraint");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "insert into runhook.event select * from runhook.event",
        """
        insert into runhook.stack select gen_random_uuid(), account, slug, name, description, labels
        from runhook.stack
        """
      })
  void a_duplicate_row_is_rejected(String statement) {
    assertThatThrownBy(() -> execute(statement))
        .isInstanceOf(JdbiException.class)
        .hasMessageContaining("violates unique constraint");
  }

  private static void execute(String statement) {
    POSTGRES.jdbi().useHandle(handle -> handle.execute(statement));
  }
}
