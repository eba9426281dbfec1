package dev.runhook.persistence.jdbi;

import static dev.runhook.persistence.jdbi.SqlValues.define;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class SqlValuesTest {
  @Test
  void a_part_is_replaced_wherever_it_stands() {
    assertThat("select COLUMNS from a where COLUMNS > 0".transform(define("COLUMNS", "x, y")))
        .isEqualTo("select x, y from a where x, y > 0");
  }

  @Test
  void a_part_that_a_statement_does_not_have_is_an_error() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> "select 1".transform(define("COLUMNS", "x")))
        .withMessage("no COLUMNS in: select 1");
  }
}
