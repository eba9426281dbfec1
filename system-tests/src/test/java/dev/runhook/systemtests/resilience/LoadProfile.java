package dev.runhook.systemtests.resilience;

import dev.runhook.systemtests.fixture.ApiClient;

/// The amount of load: each run goes through all [ApiClient#STATES], and each webhook receives all
/// transitions.
record LoadProfile(int runs, int webhooks, int reporters) {
  /// About 1,000 deliveries.
  static final LoadProfile SMALL = new LoadProfile(42, 3, 8);

  /// 100,000 deliveries.
  static final LoadProfile LARGE = new LoadProfile(2_500, 5, 16);

  /// One lane, so at most one delivery is in flight.
  static final LoadProfile SINGLE_LANE = new LoadProfile(1, 1, 1);

  int transitions() {
    return runs * ApiClient.STATES.size();
  }

  int deliveries() {
    return transitions() * webhooks;
  }
}
