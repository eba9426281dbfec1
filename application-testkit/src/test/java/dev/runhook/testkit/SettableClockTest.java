package dev.runhook.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;

class SettableClockTest {
  private final SettableClock clock = SettableClock.atNoon();

  @Test
  void the_clock_and_its_ticker_advance_together_and_only_on_request() {
    LongSupplier ticker = clock.ticker();
    long before = ticker.getAsLong();

    clock.advance(Duration.ofMillis(1500));

    assertThat(clock.instant()).isEqualTo(Samples.NOON.plusMillis(1500));
    assertThat(ticker.getAsLong() - before).isEqualTo(1_500_000_000L);
    assertThatIllegalArgumentException().isThrownBy(() -> clock.advance(Duration.ofMillis(-1)));
  }
}
