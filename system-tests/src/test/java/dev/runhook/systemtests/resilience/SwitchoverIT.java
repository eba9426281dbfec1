package dev.runhook.systemtests.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runhook.systemtests.fixture.FaultSuite;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The primary of a replicated database is replaced under load, as planned.
class SwitchoverIT {
  private final FaultSuite faultSuite = FaultSuite.of("SwitchoverIT");
  @TempDir private Path folder;

  @Test
  void acknowledged_transitions_arrive_in_order_and_servers_use_the_new_primary() throws Exception {
    try (FailoverFixture fixture =
        new FailoverFixture(folder, faultSuite, ReplicatedDatabase.QUORUM)) {
      int times = FaultSuite.choose(2, 10);

      DeliveryCounts counts =
          fixture.replacePrimary("switched over", times, () -> fixture.database().switchOver());

      assertThat(counts.duplicates()).isLessThanOrEqualTo(times * FailoverFixture.MAX_DUPLICATES);
    }
  }
}
