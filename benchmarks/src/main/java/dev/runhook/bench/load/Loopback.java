package dev.runhook.bench.load;

import dev.runhook.domain.egress.EgressPolicy;
import dev.runhook.domain.egress.Network;
import java.util.List;

/// The network of the benchmarks: all processes run on this machine.
public final class Loopback {
  private Loopback() {}

  /// Allows webhooks to call the loopback addresses.
  public static EgressPolicy policy() {
    return new EgressPolicy(List.of(Network.parse("127.0.0.0/8")));
  }
}
