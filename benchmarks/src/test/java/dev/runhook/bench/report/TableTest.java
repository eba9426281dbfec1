package dev.runhook.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class TableTest {
  @Test
  void the_first_column_is_left_aligned_and_the_others_are_right_aligned() {
    Table table =
        new Table(List.of("system", "per s"))
            .row(List.of("bare", "31,000"))
            .row(List.of("runhook", "9"));

    assertThat(table)
        .hasToString(
            """
            | system  |  per s |
            | ------- | -----: |
            | bare    | 31,000 |
            | runhook |      9 |\
            """);
  }

  @Test
  void a_row_must_have_a_cell_for_each_column() {
    Table table = new Table(List.of("a", "b"));

    assertThatThrownBy(() -> table.row(List.of("1"))).hasMessage("a row must have 2 cells, not 1");
  }
}
