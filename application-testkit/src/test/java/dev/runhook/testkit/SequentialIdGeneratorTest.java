package dev.runhook.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SequentialIdGeneratorTest {
  private final SettableClock clock = SettableClock.atNoon();

  @Test
  void ids_are_version_7_and_strictly_increase() {
    SequentialIdGenerator ids = new SequentialIdGenerator(clock);
    UUID first = ids.next();
    UUID second = ids.next();
    clock.advance(Duration.ofMillis(1));
    UUID third = ids.next();

    assertThat(Stream.of(first, second, third)).isSorted().doesNotHaveDuplicates();
    assertThat(first.version()).isEqualTo(7);
    assertThat(first.variant()).isEqualTo(2);
    assertThat(first.getMostSignificantBits() >>> 16).isEqualTo(Samples.NOON.toEpochMilli());
  }

  @Test
  void ids_increase_even_if_the_clock_goes_back() {
    SequentialIdGenerator ids = new SequentialIdGenerator(clock);
    UUID ahead = ids.nextAt(Samples.NOON.plusSeconds(1));

    assertThat(ids.next()).isGreaterThan(ahead);
  }

  @Test
  void ids_of_two_series_never_collide() {
    SequentialIdGenerator one = new SequentialIdGenerator(clock, 1);
    SequentialIdGenerator two = new SequentialIdGenerator(clock, 2);

    assertThat(List.of(one.next(), one.next())).doesNotContain(two.next(), two.next());
    assertThat(one.nextRunName())
        .hasSize(26)
        .isNotEqualTo(two.nextRunName())
        .isLessThan(one.nextRunName());
  }
}
