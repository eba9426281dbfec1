package dev.runhook.application.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.runhook.application.spi.delivery.Lease;
import org.junit.jupiter.api.Test;

class DispatchConfigTest {
  private final DispatchConfig config = DispatchConfig.defaults();

  /// A store ends longer ones.
  @Test
  void a_lease_is_not_longer_than_the_longest() {
    assertThat(config.withLease(Lease.MAX).leaseDuration()).isEqualTo(Lease.MAX);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> config.withLease(Lease.MAX.plusMillis(1)))
        .withMessage("a lease of PT1H0.001S is longer than the maximum, PT1H");
  }
}
