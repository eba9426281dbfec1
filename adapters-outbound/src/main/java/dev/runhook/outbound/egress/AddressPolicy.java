package dev.runhook.outbound.egress;

import dev.runhook.domain.egress.EgressDecision;
import dev.runhook.domain.egress.EgressPolicy;
import java.net.InetAddress;

/// The policy on this machine, for addresses as the network knows them.
public final class AddressPolicy {
  private final EgressPolicy policy;

  public AddressPolicy(EgressPolicy policy) {
    this.policy = policy.denyingLocalAddresses(new LocalAddresses());
  }

  EgressDecision evaluate(InetAddress address) {
    return policy.evaluate(address.getAddress());
  }

  /// Judges an address as a URL spells it. What is not in its usual form is denied: two parsers
  /// could read two addresses from it.
  EgressDecision evaluateLiteral(String address) {
    try {
      return policy.evaluateLiteral(address);
    } catch (IllegalArgumentException _) {
      return new EgressDecision.Denied("number that is no address in its usual form");
    }
  }
}
