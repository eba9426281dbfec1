package dev.runhook.persistence.jdbi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.StoreBusyException;
import dev.runhook.application.StoreUnavailableException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import org.jdbi.v3.core.ConnectionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SqlErrorsTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "08000", "08001", "08006", "53100", "53200", "53300", "57P01", "57P02", "57P03", "57P05",
        "58030", "25P03", "55P03"
      })
  void a_failure_of_the_store_is_told_as_such(String state) {
    RuntimeException failure =
        new ConnectionException(new SQLException("told by the driver", state));

    assertThat(SqlErrors.translate("a test", failure))
        .isInstanceOf(StoreUnavailableException.class)
        .hasCause(failure);
  }

  @ParameterizedTest
  @ValueSource(strings = {"23505", "22021", "42P01", "40001", "XX000", ""})
  void a_failure_of_the_work_flies_as_itself(String state) {
    RuntimeException failure =
        new ConnectionException(new SQLException("told by the driver", state));

    assertThat(SqlErrors.translate("a test", failure)).isSameAs(failure);
  }

  @Test
  void a_lock_that_was_not_had_in_time_is_somebody_elses_doing() {
    RuntimeException failure =
        new ConnectionException(new SQLException("told by the driver", "55P03"));

    assertThat(SqlErrors.translate("a test", failure)).isInstanceOf(StoreBusyException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"40001", "40P01"})
  void lost_races_are_known_however_deep(String state) {
    RuntimeException failure =
        new IllegalStateException(
            new ConnectionException(new SQLException("told by the driver", state)));

    assertThat(SqlErrors.isRetryable(failure)).isTrue();
    assertThat(SqlErrors.isRetryable(new IllegalStateException(state))).isFalse();
  }

  @Test
  void a_pools_timeout_needs_no_state() {
    RuntimeException failure =
        new ConnectionException(new SQLTransientConnectionException("no connection is free"));

    assertThat(SqlErrors.translate("a test", failure))
        .isInstanceOf(StoreUnavailableException.class);
  }
}
