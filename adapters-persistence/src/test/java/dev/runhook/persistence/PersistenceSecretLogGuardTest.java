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
  void all_tests_of_this_module_run_under_it() {
    assertThat(SecretLogGuard.isActive()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(classes = {JdbiTransactor.class, Jdbi.class})
  void it_hears_what_an_adapter_of_ours_logs_and_what_its_libraries_do(Class<?> who) {
    LoggerFactory.getLogger(who).trace("signed with {}", "It's a Secret to Everybody");

    assertThatThrownBy(SecretLogGuard::assertNoSecretsLogged).hasMessageContaining("It's a Secret");
  }
}
