package dev.runhook.testkit;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.opentest4j.AssertionFailedError;
import org.opentest4j.TestAbortedException;

class PrerequisiteTest {
  @Test
  void a_test_is_skipped_on_the_machine_of_a_developer() {
    Prerequisite prerequisite = new Prerequisite(Optional.empty());

    assertThatExceptionOfType(TestAbortedException.class)
        .isThrownBy(() -> prerequisite.end("node is not installed"))
        .withMessageContaining("node is not installed");
  }

  @Test
  void a_test_fails_in_ci() {
    Prerequisite prerequisite = new Prerequisite(Optional.of("true"));

    assertThatExceptionOfType(AssertionFailedError.class)
        .isThrownBy(() -> prerequisite.end("node is not installed"))
        .withMessageContaining("CI is set", "node is not installed");
  }
}
