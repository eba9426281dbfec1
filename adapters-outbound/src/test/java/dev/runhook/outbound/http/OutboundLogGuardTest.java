package dev.runhook.outbound.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runhook.testkit.log.SecretLogGuard;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class OutboundLogGuardTest {
  @Test
  void the_guard_is_active_for_all_tests_of_this_module() {
    assertThat(SecretLogGuard.isActive()).isTrue();
  }

  @Test
  void the_guard_sees_what_an_adapter_logs() {
    LoggerFactory.getLogger(HttpTransport.class).trace("signed with {}", "canary-of-a-header");

    assertThatThrownBy(SecretLogGuard::assertNoSecretsLogged)
        .hasMessageContaining("canary-of-a-header");
  }
}
