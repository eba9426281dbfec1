package dev.runhook.outbound;

import dev.runhook.domain.egress.Verdict;
import dev.runhook.outbound.Clearance.Cleared;
import dev.runhook.outbound.Clearance.Denied;
import dev.runhook.outbound.Clearance.Unknown;
import dev.runhook.outbound.Lookups.Found;
import java.net.InetAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// Judges where a request would go, right before it goes: the endpoint was fit when it was stored,
/// but names move and rules change.
final class Gatekeeper {
  private static final Pattern NUMERIC = Pattern.compile("(.*\\.)?(\\d+|0[xX][0-9a-fA-F]*)");

  private final AddressRules rules;
  private final Lookups lookups;

  Gatekeeper(AddressRules rules, Lookups lookups) {
    this.rules = rules;
    this.lookups = lookups;
  }

  Clearance judge(URI uri, Deadline deadline) throws InterruptedException {
    String host = uri.getHost();
    if (host == null) {
      return new Denied("endpoint without a host");
    }
    if (host.startsWith("[")) {
      return judgeLiteral(host.substring(1, host.length() - 1));
    }
    return NUMERIC.matcher(host).matches() ? judgeLiteral(host) : judgeName(host, deadline);
  }

  private Clearance judgeLiteral(String address) {
    return switch (rules.judgeLiteral(address)) {
      case Verdict.Allowed() -> new Cleared(address, List.of());
      case Verdict.Denied(String rule) -> new Denied(rule);
    };
  }

  private Clearance judgeName(String host, Deadline deadline) throws InterruptedException {
    return switch (lookups.find(host, deadline)) {
      case Found.Addresses(List<InetAddress> addresses) -> judge(host, addresses);
      case Found.Nothing(String why) -> new Unknown(why);
    };
  }

  private Clearance judge(String host, List<InetAddress> addresses) {
    List<InetAddress> allowed = new ArrayList<>();
    String rule = "";
    for (InetAddress address : addresses) {
      switch (rules.judge(address)) {
        case Verdict.Allowed() -> allowed.add(address);
        case Verdict.Denied(String broken) -> rule = broken;
      }
    }
    // where the JVM looks names up without us, it may take any of them
    boolean enough =
        GuardedResolver.isInForce() ? !allowed.isEmpty() : allowed.size() == addresses.size();
    return enough ? new Cleared(host, List.copyOf(allowed)) : new Denied(rule);
  }
}
