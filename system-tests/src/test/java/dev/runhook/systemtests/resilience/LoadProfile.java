package dev.runhook.systemtests.resilience;

import dev.runhook.systemtests.fixture.ApiClient;
import java.time.Duration;

/// The amount of load: each run goes through all [ApiClient#STATES], and each webhook receives all
/// transitions.
///
/// @param pause how long a reporter waits after each version
record LoadProfile(int runs, int webhooks, int reporters, Duration pause) {
  /// About 4,000 deliveries.
  static final LoadProfile SMALL = new LoadProfile(167, 3, 8);

  /// 100,000 deliveries.
  static final LoadProfile LARGE = new LoadProfile(2_500, 5, 16);

  /// One lane, so at most one delivery is in flight.
  static final LoadProfile SINGLE_LANE = new LoadProfile(1, 1, 1);

  /// The same, with each delivery completed before the next report unless the machine is very busy.
  static final LoadProfile SLOW_LANE = new LoadProfile(1, 1, 1, Duration.ofMillis(300));

  LoadProfile(int runs, int webhooks, int reporters) {
    this(runs, webhooks, reporters, Duration.ZERO);
  }

  int transitions() {
    return runs * ApiClient.STATES.size();
  }

  int deliveries() {
    return transitions() * webhooks;
  }
}
