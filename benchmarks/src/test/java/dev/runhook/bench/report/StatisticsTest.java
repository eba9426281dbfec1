package dev.runhook.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class StatisticsTest {
  @Test
  void the_median_does_not_depend_on_the_order() {
    assertThat(Statistics.median(List.of(9.0, 1.0, 5.0))).isEqualTo(5);
    assertThat(Statistics.median(List.of(4.0))).isEqualTo(4);
  }

  @Test
  void the_median_of_an_even_number_of_values_is_the_mean_of_the_middle_two() {
    assertThat(Statistics.median(List.of(4.0, 100.0, 1.0, 2.0))).isEqualTo(3);
  }

  @Test
  void the_median_of_no_values_is_nan() {
    assertThat(Statistics.median(List.of())).isNaN();
  }

  @Test
  void a_percentile_uses_the_nearest_rank() {
    long[] oneToHundred = LongStream.rangeClosed(1, 100).map(i -> 101 - i).toArray();

    assertThat(Statistics.percentile(oneToHundred, 0.5)).isEqualTo(50);
    assertThat(Statistics.percentile(oneToHundred, 0.99)).isEqualTo(99);
    assertThat(Statistics.percentile(oneToHundred, 0.991)).isEqualTo(100);
    assertThat(Statistics.percentile(oneToHundred, 1)).isEqualTo(100);
    assertThat(Statistics.percentile(new long[] {7}, 0.01)).isEqualTo(7);
    assertThat(Statistics.percentile(new long[0], 0.5)).isNaN();
  }

  @Test
  void a_percentile_does_not_reorder_the_values() {
    long[] values = {3, 1, 2};

    Statistics.percentile(values, 0.5);

    assertThat(values).containsExactly(3, 1, 2);
  }

  @Test
  void a_fraction_must_be_above_0_and_at_most_1() {
    assertThatThrownBy(() -> Statistics.percentile(new long[] {1}, 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Statistics.percentile(new long[] {1}, 1.01))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
