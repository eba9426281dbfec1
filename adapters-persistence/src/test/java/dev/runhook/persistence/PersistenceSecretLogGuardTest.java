package dev.runhook.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runhook.testkit.log.SecretLogGuard;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

class PersistenceSecretLogGuardTest {
  @Test
  void the_guard_is_active_in_all_tests_of_this_module() {
    assertThat(SecretLogGuard.isActive()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(classes = {JdbiTransactor.class, Jdbi.class})
  void logs_of_adapters_and_of_their_libraries_are_checked(Class<?> logger) {
    LoggerFactory.getLogger(logger).trace("signed with {}", "It's a Secret to Everybody");

    assertThatThrownBy(SecretLogGuard::assertNoSecretsLogged).hasMessageContaining("It's a Secret");
  }
}
