package dev.runhook.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RoundResultTest {
  private static RoundResult round(double delivered, double cpu, long lost) {
    return new RoundResult(
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
  void each_figure_has_its_own_median_and_losses_are_summed() {
    RoundResult median =
        RoundResult.median(List.of(round(10, 9, 1), round(30, 5, 0), round(20, 7, 2)));

    assertThat(median.deliveredPerSecond()).isEqualTo(20);
    assertThat(median.acceptedPerSecond()).isEqualTo(40);
    assertThat(median.cpuSecondsOf("runhook")).isEqualTo(7);
    assertThat(median.cpuSecondsOf("postgres")).isEqualTo(14);
    assertThat(median.cpuSecondsOf("client")).isNaN();
    assertThat(median.lost()).isEqualTo(3);
  }

  @Test
  void small_numbers_are_formatted_with_more_decimals() {
    assertThat(RoundResult.format(12_345.6)).isEqualTo("12,346");
    assertThat(RoundResult.format(12.34)).isEqualTo("12.3");
    assertThat(RoundResult.format(0.619)).isEqualTo("0.62");
    assertThat(RoundResult.format(Double.NaN)).isEqualTo("-");
  }
}
