package dev.runhook.persistence.jdbi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.application.spi.StoreUnavailableException;
import dev.runhook.application.spi.StoreUnavailableException.StoreBusyException;
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
  void an_unavailable_database_is_translated(String state) {
    RuntimeException failure = new ConnectionException(new SQLException("from the driver", state));

    assertThat(SqlErrors.translate("a test", failure))
        .isInstanceOf(StoreUnavailableException.class)
        .hasCause(failure);
  }

  @ParameterizedTest
  @ValueSource(strings = {"23505", "22021", "42P01", "40001", "XX000", ""})
  void other_failures_are_not_translated(String state) {
    RuntimeException failure = new ConnectionException(new SQLException("from the driver", state));

    assertThat(SqlErrors.translate("a test", failure)).isSameAs(failure);
  }

  @Test
  void a_lock_timeout_means_a_busy_store() {
    RuntimeException failure =
        new ConnectionException(new SQLException("from the driver", "55P03"));

    assertThat(SqlErrors.translate("a test", failure)).isInstanceOf(StoreBusyException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"40001", "40P01"})
  void retryable_failures_are_detected_at_any_depth(String state) {
    RuntimeException failure =
        new IllegalStateException(
            new ConnectionException(new SQLException("from the driver", state)));

    assertThat(SqlErrors.isRetryable(failure)).isTrue();
    assertThat(SqlErrors.isRetryable(new IllegalStateException(state))).isFalse();
  }

  @Test
  void a_pool_timeout_without_an_sql_state_means_an_unavailable_store() {
    RuntimeException failure =
        new ConnectionException(new SQLTransientConnectionException("no connection is free"));

    assertThat(SqlErrors.translate("a test", failure))
        .isInstanceOf(StoreUnavailableException.class);
  }
}
