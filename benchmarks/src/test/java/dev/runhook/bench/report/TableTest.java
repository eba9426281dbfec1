package dev.runhook.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class TableTest {
  @Test
  void names_stand_left_and_numbers_right() {
    Table table =
        new Table(List.of("subject", "per s"))
            .row(List.of("bare", "31,000"))
            .row(List.of("runhook", "9"));

    assertThat(table)
        .hasToString(
            """
            | subject |  per s |
            | ------- | -----: |
            | bare    | 31,000 |
            | runhook |      9 |\
            """);
  }

  @Test
  void a_row_has_a_cell_for_each_column() {
    Table table = new Table(List.of("a", "b"));

    assertThatThrownBy(() -> table.row(List.of("1"))).hasMessage("a row has 2 cells, not 1");
  }
}
