package dev.runhook.domain.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeliverySettingsTest {
  @ParameterizedTest
  @ValueSource(strings = {"PT0.1S", "PT0.101S", "PT5S", "PT29.999S", "PT30S"})
  void a_timeout_is_100_milliseconds_to_30_seconds(String timeout) {
    assertThat(timed(timeout).timeoutOr(Duration.ofSeconds(10))).isEqualTo(Duration.parse(timeout));
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT0.099S", "PT0S", "PT-5S", "PT30.001S", "PT2562047788015215H"})
  void another_timeout_is_refused(String timeout) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> timed(timeout))
        .withMessageContaining("PT0.1S to PT30S")
        .withMessageContaining(timeout);
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT0S", "PT0.001S", "PT24H"})
  void a_wait_is_none_to_a_day(String wait) {
    assertThat(waiting(List.of(Duration.parse(wait))).retryDelays().orElseThrow())
        .containsExactly(Duration.parse(wait));
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT-0.001S", "PT24H0.001S"})
  void another_wait_is_refused(String wait) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> waiting(List.of(Duration.ZERO, Duration.parse(wait))))
        .withMessageContaining("PT0S to PT24H");
  }

  @Test
  void there_are_20_waits_at_most() {
    assertThat(waiting(Collections.nCopies(20, Duration.ZERO)).retryDelays().orElseThrow())
        .hasSize(20);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> waiting(Collections.nCopies(21, Duration.ZERO)))
        .withMessageContaining("at most 20");
  }

  @Test
  void what_is_finer_than_a_millisecond_is_refused() {
    assertThatIllegalArgumentException().isThrownBy(() -> timed("PT1.0001S"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> waiting(List.of(Duration.ofNanos(1))))
        .withMessageContaining("whole milliseconds");
  }

  @Test
  void one_that_chooses_nothing_goes_by_the_servers() {
    assertThat(DeliverySettings.defaults().timeoutOr(Duration.ofMinutes(5)))
        .isEqualTo(Duration.ofMinutes(5));
    assertThat(DeliverySettings.defaults().retryDelays()).isEmpty();
  }

  private static DeliverySettings timed(String timeout) {
    return new DeliverySettings(Optional.of(Duration.parse(timeout)), Optional.empty());
  }

  private static DeliverySettings waiting(List<Duration> waits) {
    return new DeliverySettings(Optional.empty(), Optional.of(waits));
  }
}
