package dev.runhook.application.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompletionQueueTest {
  @ParameterizedTest
  @CsvSource({"1, 1", "4, 1", "7, 1", "64, 16", "1024, 256", "100000, 500"})
  void a_batch_is_a_quarter_of_what_can_be_under_way_and_no_more_than_a_statement_should_carry(
      int places, int largest) {
    assertThat(CompletionQueue.batchPolicy(places).maxSize()).isEqualTo(largest);
  }
}
