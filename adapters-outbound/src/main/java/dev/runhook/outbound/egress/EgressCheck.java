package dev.runhook.outbound.egress;

import dev.runhook.domain.egress.EgressDecision;
import dev.runhook.outbound.egress.DnsCache.Resolution;
import dev.runhook.outbound.egress.EgressResult.Allowed;
import dev.runhook.outbound.egress.EgressResult.Denied;
import dev.runhook.outbound.egress.EgressResult.Unresolved;
import dev.runhook.outbound.http.Deadline;
import java.net.InetAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// Judges where a request would go, right before it goes: the endpoint was fit when it was stored,
/// but names move and rules change.
public final class EgressCheck {
  private static final Pattern NUMERIC = Pattern.compile("(.*\\.)?(\\d+|0[xX][0-9a-fA-F]*)");

  private final AddressPolicy rules;
  private final DnsCache dnsCache;

  public EgressCheck(AddressPolicy rules, DnsCache lookups) {
    this.rules = rules;
    this.dnsCache = lookups;
  }

  public EgressResult evaluate(URI uri, Deadline deadline) throws InterruptedException {
    String host = uri.getHost();
    if (host == null) {
      return new Denied("endpoint without a host");
    }
    if (host.startsWith("[")) {
      return judgeLiteral(host.substring(1, host.length() - 1));
    }
    return NUMERIC.matcher(host).matches() ? judgeLiteral(host) : judgeName(host, deadline);
  }

  private EgressResult judgeLiteral(String address) {
    return switch (rules.evaluateLiteral(address)) {
      case EgressDecision.Allowed() -> new Allowed(address, List.of());
      case EgressDecision.Denied(String rule) -> new Denied(rule);
    };
  }

  private EgressResult judgeName(String host, Deadline deadline) throws InterruptedException {
    return switch (dnsCache.resolve(host, deadline)) {
      case Resolution.Resolved(List<InetAddress> addresses) -> evaluate(host, addresses);
      case Resolution.Unresolved(String why) -> new Unresolved(why);
    };
  }

  private EgressResult evaluate(String host, List<InetAddress> addresses) {
    List<InetAddress> allowed = new ArrayList<>();
    String rule = "";
    for (InetAddress address : addresses) {
      switch (rules.evaluate(address)) {
        case EgressDecision.Allowed() -> allowed.add(address);
        case EgressDecision.Denied(String broken) -> rule = broken;
      }
    }
    // where the JVM looks names up without us, it may take any of them
    boolean enough =
        FilteringResolver.isInstalled() ? !allowed.isEmpty() : allowed.size() == addresses.size();
    return enough ? new Allowed(host, List.copyOf(allowed)) : new Denied(rule);
  }
}
