package dev.runhook.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The watch that all tests of this module run under bites, and is there.
class LogWatchTest {
  private static final Logger LOG = LoggerFactory.getLogger(JdbiTransactor.class);

  @Test
  void all_tests_run_under_it() {
    assertThat(LogWatch.isWatching()).isTrue();
  }

  @ParameterizedTest
  @MethodSource("slips")
  void whatever_prints_a_canary_fails(Consumer<Logger> slip) {
    slip.accept(LOG);

    assertThatThrownBy(LogWatch::demandSilence)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("something secret");
    assertThatCode(LogWatch::demandSilence).doesNotThrowAnyException();
  }

  static Stream<Consumer<Logger>> slips() {
    return Stream.of(
        log -> log.trace("signed with {}", "It's a Secret to Everybody"),
        log -> log.atDebug().addKeyValue("value", "It's a Secret to Everybody").log("sent"),
        log ->
            log.debug(
                "failed",
                new IllegalStateException(
                    "a bug", new Exception("by It's a Secret to Everybody"))));
  }

  @Test
  void what_is_not_secret_may_be_printed() {
    LOG.debug("sent again");

    assertThatCode(LogWatch::demandSilence).doesNotThrowAnyException();
  }
}
