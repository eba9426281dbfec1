package dev.runhook.domain.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.runhook.domain.event.Format;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeliverySettingsTest {
  @ParameterizedTest
  @ValueSource(strings = {"PT0.1S", "PT0.101S", "PT5S", "PT4M59.999S", "PT5M"})
  void a_timeout_of_100_milliseconds_to_5_minutes_is_accepted(String timeout) {
    assertThat(withTimeout(timeout).timeout()).contains(Duration.parse(timeout));
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT0.099S", "PT0S", "PT-5S", "PT5M0.001S", "PT2562047788015215H"})
  void a_timeout_out_of_range_is_refused(String timeout) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> withTimeout(timeout))
        .withMessageContaining("100ms to 5m");
  }

  @Test
  void a_retry_schedule_has_the_same_limits_as_that_of_the_server() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> retrying(Collections.nCopies(501, Duration.ZERO)))
        .withMessageContaining("at most 500");
  }

  @Test
  void fractions_of_a_millisecond_are_refused() {
    assertThatIllegalArgumentException().isThrownBy(() -> withTimeout("PT1.0001S"));
  }

  @Test
  void the_defaults_use_the_values_of_the_server() {
    assertThat(DeliverySettings.defaults().timeout()).isEmpty();
    assertThat(DeliverySettings.defaults().retryDelays()).isEmpty();
  }

  @Test
  void the_lower_rate_decides_how_much_time_is_between_attempts() {
    assertThat(limited(4, 60).interval()).contains(Duration.ofSeconds(1));
    assertThat(limited(4, 6_000).interval()).contains(Duration.ofMillis(250));
    assertThat(DeliverySettings.defaults().interval()).isEmpty();
  }

  @Test
  void a_format_has_the_rate_of_its_vendor_unless_the_webhook_has_its_own() {
    DeliverySettings slack = DeliverySettings.defaults().withFormat(Format.SLACK);

    assertThat(slack.interval()).contains(Duration.ofSeconds(1));
    assertThat(slack.withRate(Optional.of(10), Optional.empty()).interval())
        .contains(Duration.ofMillis(100));
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 1_001})
  void a_rate_out_of_range_is_refused(int perSecond) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> limited(perSecond, 1))
        .withMessageContaining("from 1 to 1000");
  }

  private static DeliverySettings limited(int perSecond, int perMinute) {
    return DeliverySettings.defaults().withRate(Optional.of(perSecond), Optional.of(perMinute));
  }

  private static DeliverySettings withTimeout(String timeout) {
    return new DeliverySettings(Optional.of(Duration.parse(timeout)), Optional.empty());
  }

  private static DeliverySettings retrying(List<Duration> delays) {
    return new DeliverySettings(Optional.empty(), Optional.of(delays));
  }
}
