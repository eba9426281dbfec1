package dev.runhook.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DisturbanceTest {
  @Test
  void a_load_above_a_half_in_the_last_minute_is_reported() {
    assertThat(Disturbance.ofLoad("0.51 0.10 0.10"))
        .hasValue("the load before was 0.51, above 0.5");
    assertThat(Disturbance.ofLoad("0.50 9.10 9.10")).isEmpty();
    assertThat(Disturbance.ofLoad("unknown")).isEmpty();
  }

  @Test
  void steal_is_reported_as_a_share_of_the_cpu_time_since_the_earlier_line() {
    String before = "cpu  1000 10 500 90000 20 0 30 700 5 0";

    assertThat(Disturbance.ofSteal(before, "cpu  1800 10 600 90060 20 0 30 740 5 0"))
        .hasValue("the hypervisor took 4.0% of the CPU time");
    assertThat(Disturbance.ofSteal(before, "cpu  2800 10 600 90060 20 0 30 701 5 0")).isEmpty();
    assertThat(Disturbance.ofSteal(before, before)).isEmpty();
  }

  @Test
  void steal_is_not_reported_if_the_kernel_does_not_count_it() {
    assertThat(Disturbance.ofSteal("cpu", "cpu")).isEmpty();
    assertThat(Disturbance.ofSteal("cpu  10 0 10 100", "cpu  20 0 20 200")).isEmpty();
  }
}
