package dev.runhook.bootstrap.setting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.runhook.application.dispatch.DispatchConfig;
import dev.runhook.domain.delivery.RetrySchedule;
import dev.runhook.domain.text.Durations;
import dev.runhook.domain.webhook.PausePolicy;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The settings that are in the configuration of the dispatcher.
class DispatchSettingsTest {
  @Test
  void dispatch_settings_have_the_documented_defaults() {
    Settings settings = SettingsReader.read(Map.of());
    DispatchConfig dispatch = settings.dispatch();

    assertThat(dispatch.timeout()).isEqualTo(Duration.ofSeconds(10));
    assertThat(dispatch.maxTimeout()).isEqualTo(Duration.ofSeconds(30));
    assertThat(dispatch.retrySchedule().delays())
        .containsExactly(
            Duration.ofSeconds(5),
            Duration.ofSeconds(30),
            Duration.ofMinutes(2),
            Duration.ofMinutes(10),
            Duration.ofMinutes(30),
            Duration.ofHours(2),
            Duration.ofHours(5),
            Duration.ofHours(10),
            Duration.ofHours(10));
    assertThat(dispatch.leaseDuration()).isEqualTo(Duration.ofSeconds(40));
    assertThat(dispatch.pausePolicy().pauseAfter()).isEqualTo(10);
    assertThat(dispatch.maxInFlight()).isEqualTo(2048);
    assertThat(dispatch.maxInFlightPerWebhook()).isEqualTo(64);
    assertThat(settings.get(SettingDefinitions.SHA1_SIGNATURE)).isTrue();
  }

  @Test
  void every_variable_of_dispatch_is_read() {
    List<Duration> delays =
        List.of(Duration.ofMillis(200), Duration.ofSeconds(1), Duration.ofMinutes(2));

    Settings settings =
        SettingsReader.read(
            Map.of(
                "RUNHOOK_TIMEOUT", "1500ms",
                "RUNHOOK_MAX_TIMEOUT", "2m",
                "RUNHOOK_LEASE", "12s",
                "RUNHOOK_RETRY_SCHEDULE", "200ms, 1s,PT2M",
                "RUNHOOK_PAUSE_AFTER", "3",
                "RUNHOOK_LAGGING_AFTER", "90s",
                "RUNHOOK_MAX_IN_FLIGHT", "20",
                "RUNHOOK_MAX_IN_FLIGHT_PER_WEBHOOK", "5",
                "RUNHOOK_MAX_IN_FLIGHT_BYTES", "2mb",
                "RUNHOOK_SHA1_SIGNATURE", "false"));

    assertThat(settings.dispatch())
        .isEqualTo(
            DispatchConfig.of(
                    new RetrySchedule(delays), new PausePolicy(3, delays), Duration.ofMillis(1500))
                .withMaxTimeout(Duration.ofMinutes(2))
                .withLease(Duration.ofSeconds(12))
                .withConcurrency(20, 5)
                .withMaxBytesInFlight(2L * 1024 * 1024));
    assertThat(settings.get(SettingDefinitions.LAGGING_AFTER)).isEqualTo(Duration.ofSeconds(90));
    assertThat(settings.get(SettingDefinitions.SHA1_SIGNATURE)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"31s,", "5s, 4s", ", 9s"})
  void a_timeout_that_is_longer_than_the_maximum_is_rejected(
      @Nullable String timeout, @Nullable String maxTimeout) {
    Map<String, String> environment = new HashMap<>();
    Optional.ofNullable(timeout).ifPresent(it -> environment.put("RUNHOOK_TIMEOUT", it));
    Optional.ofNullable(maxTimeout).ifPresent(it -> environment.put("RUNHOOK_MAX_TIMEOUT", it));

    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(() -> SettingsReader.read(environment))
        .satisfies(failure ->
            assertThat(failure.problems())
                .containsExactly("RUNHOOK_TIMEOUT must not be longer than RUNHOOK_MAX_TIMEOUT"));
  }

  @ParameterizedTest
  @CsvSource({"12s, 1s, 12s", "12s, 10s, 20s", "40s, 5m, 310s", "90s, 10s, 90s"})
  void a_lease_is_as_long_as_configured_unless_the_timeout_requires_a_longer_one(
      String lease, String timeout, String expected) {
    Settings settings =
        SettingsReader.read(
            Map.of(
                "RUNHOOK_LEASE", lease,
                "RUNHOOK_TIMEOUT", timeout,
                "RUNHOOK_MAX_TIMEOUT", "5m"));

    assertThat(settings.dispatch().leaseDuration()).isEqualTo(Durations.parse(expected));
  }
}
