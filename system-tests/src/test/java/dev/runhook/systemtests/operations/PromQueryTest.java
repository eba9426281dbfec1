package dev.runhook.systemtests.operations;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PromQueryTest {
  @Test
  void series_and_labels_are_distinguished_from_functions_keywords_and_strings() {
    PromQuery query =
        PromQuery.parse(
            "histogram_quantile(0.99, sum by (le, route) (rate(a_bucket{status=~\"5..\", job=\"b\"}[5m]))) > 3 * max(c_total) and on (pool) d offset 1h");

    assertThat(query.series()).containsExactlyInAnyOrder("a_bucket", "c_total", "d");
    assertThat(query.labels()).containsExactlyInAnyOrder("route", "status", "pool");
  }
}
