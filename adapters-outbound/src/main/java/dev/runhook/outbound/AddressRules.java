package dev.runhook.outbound;

import dev.runhook.domain.egress.EgressPolicy;
import dev.runhook.domain.egress.Verdict;
import java.net.InetAddress;

/// The policy, and what only a running process knows: which addresses are this machine's own. Those
/// are denied too, unless the operator opened their network.
final class AddressRules {
  private final EgressPolicy policy;
  private final LocalAddresses locals = new LocalAddresses();

  AddressRules(EgressPolicy policy) {
    this.policy = policy;
  }

  Verdict judge(InetAddress address) {
    byte[] bytes = address.getAddress();
    Verdict verdict = policy.judge(bytes);
    return verdict instanceof Verdict.Allowed && locals.contains(address) && !policy.opens(bytes)
        ? new Verdict.Denied("address of this machine " + address.getHostAddress())
        : verdict;
  }

  /// Judges an address as a URL spells it. What is not in its usual form is denied: two parsers
  /// could read two addresses from it.
  Verdict judgeLiteral(String address) {
    try {
      return policy.judgeLiteral(address) instanceof Verdict.Denied denied
          ? denied
          : judge(InetAddress.ofLiteral(address));
    } catch (IllegalArgumentException _) {
      return new Verdict.Denied("number that is no address in its usual form");
    }
  }
}
