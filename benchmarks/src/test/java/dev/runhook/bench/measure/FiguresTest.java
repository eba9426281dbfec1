package dev.runhook.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FiguresTest {
  private static Figures round(double delivered, double cpu, long lost) {
    return new Figures(
        "runhook",
        2 * delivered,
        delivered,
        1,
        2,
        Map.of("runhook", cpu, "postgres", 2 * cpu),
        Map.of("runhook", 100.0),
        lost,
        0,
        "0.1 0.2 0.3");
  }

  @Test
  void each_figure_has_a_median_of_its_own_and_losses_add_up() {
    Figures median = Figures.median(List.of(round(10, 9, 1), round(30, 5, 0), round(20, 7, 2)));

    assertThat(median.deliveredPerSecond()).isEqualTo(20);
    assertThat(median.acceptedPerSecond()).isEqualTo(40);
    assertThat(median.cpu("runhook")).isEqualTo(7);
    assertThat(median.cpu("postgres")).isEqualTo(14);
    assertThat(median.cpu("client")).isNaN();
    assertThat(median.lost()).isEqualTo(3);
  }

  @Test
  void numbers_are_told_with_as_many_digits_as_matter() {
    assertThat(Figures.text(12_345.6)).isEqualTo("12,346");
    assertThat(Figures.text(12.34)).isEqualTo("12.3");
    assertThat(Figures.text(0.619)).isEqualTo("0.62");
    assertThat(Figures.text(Double.NaN)).isEqualTo("-");
  }
}
