package dev.runhook.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runhook.logwatch.LogWatch;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class OutboundLogWatchTest {
  @Test
  void all_tests_of_this_module_run_under_it() {
    assertThat(LogWatch.isWatching()).isTrue();
  }

  @Test
  void it_hears_what_an_adapter_of_ours_logs() {
    LoggerFactory.getLogger(HttpTransport.class).trace("signed with {}", "canary-of-a-header");

    assertThatThrownBy(LogWatch::demandSilence).hasMessageContaining("canary-of-a-header");
  }
}
