package dev.runhook.testkit.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/// Calls the guard directly. These tests do not run under a guard.
class SecretLogGuardTest {
  private static final Logger LOG = LoggerFactory.getLogger(SecretLogGuardTest.class);

  @BeforeAll
  static void installGuard() {
    new SecretLogGuard(List.of("com.example.library"), List.of("canary", "hush")) {};
  }

  @ParameterizedTest
  @MethodSource("leaks")
  void logging_a_canary_fails_the_test(Consumer<Logger> leak) {
    leak.accept(LOG);

    assertThatThrownBy(SecretLogGuard::assertNoSecretsLogged)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("contain a secret");
    assertThatCode(SecretLogGuard::assertNoSecretsLogged).doesNotThrowAnyException();
  }

  static Stream<Consumer<Logger>> leaks() {
    return Stream.of(
        log -> log.trace("signed with {}", "canary-of-a-header"),
        log -> log.debug("hush"),
        log -> log.atDebug().addKeyValue("value", "canary-of-a-header").log("sent"),
        log -> {
          MDC.MDCCloseable key = MDC.putCloseable("key", "canary-of-a-header");
          try (key) {
            log.debug("sent");
          }
        },
        log ->
            log.debug(
                "failed",
                new IllegalStateException("a bug", new Exception("by canary-of-a-header"))));
  }

  @Test
  void named_libraries_are_checked_too() {
    LoggerFactory.getLogger("com.example.other").error("canary");
    assertThatCode(SecretLogGuard::assertNoSecretsLogged).doesNotThrowAnyException();

    LoggerFactory.getLogger("com.example.library.Part").trace("canary");
    assertThatThrownBy(SecretLogGuard::assertNoSecretsLogged)
        .hasMessageContaining("com.example.library.Part");
  }

  @Test
  void text_without_a_secret_may_be_logged() {
    LOG.debug("sent again");

    assertThatCode(SecretLogGuard::assertNoSecretsLogged).doesNotThrowAnyException();
  }

  @Test
  void the_guard_is_inactive_outside_guarded_tests() {
    assertThat(SecretLogGuard.isActive()).isFalse();
  }
}
