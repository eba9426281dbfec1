package dev.runhook.application.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AttemptCompleterTest {
  @ParameterizedTest
  @CsvSource({"1, 1", "4, 1", "7, 1", "64, 16", "1024, 256", "100000, 500"})
  void the_batch_size_is_a_quarter_of_the_slots_up_to_500(int maxInFlight, int maxSize) {
    assertThat(AttemptCompleter.batchPolicy(maxInFlight).maxSize()).isEqualTo(maxSize);
  }
}
