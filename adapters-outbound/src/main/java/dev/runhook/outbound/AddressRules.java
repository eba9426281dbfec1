package dev.runhook.outbound;

import dev.runhook.domain.egress.EgressPolicy;
import dev.runhook.domain.egress.Verdict;
import java.net.InetAddress;

/// The policy on this machine, for addresses as the network knows them.
final class AddressRules {
  private final EgressPolicy policy;

  AddressRules(EgressPolicy policy) {
    this.policy = policy.onMachineWith(new LocalAddresses());
  }

  Verdict judge(InetAddress address) {
    return policy.judge(address.getAddress());
  }

  /// Judges an address as a URL spells it. What is not in its usual form is denied: two parsers
  /// could read two addresses from it.
  Verdict judgeLiteral(String address) {
    try {
      return policy.judgeLiteral(address);
    } catch (IllegalArgumentException _) {
      return new Verdict.Denied("number that is no address in its usual form");
    }
  }
}
