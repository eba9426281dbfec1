package dev.runhook.bootstrap.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class AotTrainerTest {
  @Test
  void every_command_of_the_training_succeeds() throws IOException {
    assertThat(AotTrainer.failed()).isEmpty();
  }
}
