package dev.runhook.bootstrap.process;

/// How much is reported: every run goes through all [ApiClient#STATES], and every webhook wants it
/// all.
record Load(int runs, int webhooks, int reporters) {
  /// About 4,000 deliveries.
  static final Load BRIEF = new Load(167, 3, 8);

  /// 100,000 deliveries.
  static final Load FULL = new Load(2_500, 5, 16);

  /// One lane, so that never more than one delivery is under way.
  static final Load ONE_LANE = new Load(1, 1, 1);

  int transitions() {
    return runs * ApiClient.STATES.size();
  }

  int deliveries() {
    return transitions() * webhooks;
  }
}
