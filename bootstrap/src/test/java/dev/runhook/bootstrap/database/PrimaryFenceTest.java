package dev.runhook.bootstrap.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PrimaryFenceTest {
  private final PrimaryFence fence = new PrimaryFence();
  private final AtomicInteger newPrimaries = new AtomicInteger();

  PrimaryFenceTest() {
    fence.onNewPrimary(newPrimaries::incrementAndGet);
  }

  @Test
  void a_primary_that_was_replaced_is_rejected() throws SQLException {
    fence.check("00000001");
    fence.check("00000002");

    assertThatThrownBy(() -> fence.check("00000001"))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("timeline 00000001")
        .hasMessageContaining("timeline 00000002")
        .extracting(e -> ((SQLException) e).getSQLState())
        .isEqualTo("08004");
    fence.check("00000002");
  }

  @Test
  void a_standby_is_rejected_once_a_primary_is_known() throws SQLException {
    fence.check("0000000A");

    assertThatThrownBy(() -> fence.check("")).isInstanceOf(SQLException.class);
  }

  @Test
  void only_a_later_timeline_is_a_new_primary() throws SQLException {
    fence.check("00000009");
    fence.check("00000009");
    assertThat(newPrimaries).hasValue(0);

    fence.check("0000000A");
    fence.check("0000000A");

    assertThat(newPrimaries).hasValue(1);
  }
}
