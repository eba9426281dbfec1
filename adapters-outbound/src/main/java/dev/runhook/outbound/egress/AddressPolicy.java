package dev.runhook.outbound.egress;

import dev.runhook.domain.egress.EgressDecision;
import dev.runhook.domain.egress.EgressPolicy;
import java.net.InetAddress;

/// Applies an [EgressPolicy] to resolved and literal addresses. It also denies the addresses of
/// this machine, unless the policy allows them explicitly.
final class AddressPolicy {
  private final EgressPolicy policy;

  AddressPolicy(EgressPolicy policy) {
    this.policy = policy.denyingLocalAddresses(new LocalAddresses());
  }

  EgressDecision evaluate(InetAddress address) {
    return policy.evaluate(address.getAddress());
  }

  /// Evaluates an address as it is written in a URL. Denies every non-canonical spelling, because
  /// two parsers could read it as two different addresses.
  EgressDecision evaluateLiteral(String address) {
    try {
      return policy.evaluateLiteral(address);
    } catch (IllegalArgumentException _) {
      return new EgressDecision.Denied("non-canonical spelling of an address");
    }
  }
}
