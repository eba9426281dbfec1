package dev.runhook.domain.egress;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/// Judges addresses by their bytes: what is not a public unicast address may not be called, unless
/// the operator has allowed its network.
///
/// The ranges are those of the IANA special-purpose registries (RFC 6890 and its successors) with
/// Azure's public-looking platform address. Of IPv6 only 2000::/3 is open at all, which leaves out
/// loopback, unique-local, link-local, NAT64 and IPv4-compatible addresses at a stroke.
public final class EgressPolicy {
  private static final Network GLOBAL_UNICAST_V6 = Network.parse("2000::/3");
  private static final Map<Network, String> DENIED = denied();

  private final List<Network> allowed;
  private final Predicate<byte[]> own;

  /// @param allowed networks that may be called although a rule forbids them
  public EgressPolicy(List<Network> allowed) {
    this(allowed, _ -> false);
  }

  private EgressPolicy(List<Network> allowed, Predicate<byte[]> own) {
    this.allowed = List.copyOf(allowed);
    this.own = own;
  }

  /// The same policy on a machine that has these addresses: they may not be called either, public
  /// ones too, unless their network is allowed.
  ///
  /// @param addresses tells of 4 or 16 bytes whether they are an address of the machine, as of now
  public EgressPolicy denyingLocalAddresses(Predicate<byte[]> addresses) {
    return new EgressPolicy(allowed, own.or(addresses));
  }

  /// Judges an IPv4 (4 bytes) or IPv6 (16 bytes) address; an IPv4-mapped one is judged as the IPv4
  /// address it is.
  public EgressDecision evaluate(byte[] address) {
    byte[] plain = IpAddresses.unmapped(address);
    if (isAllowlisted(plain)) {
      return new EgressDecision.Allowed();
    }
    for (Map.Entry<Network, String> rule : DENIED.entrySet()) {
      if (rule.getKey().contains(plain)) {
        return new EgressDecision.Denied(rule.getValue() + " " + rule.getKey());
      }
    }
    if (own.test(plain)) {
      return new EgressDecision.Denied("address of this machine");
    }
    return plain.length == 4 || GLOBAL_UNICAST_V6.contains(plain)
        ? new EgressDecision.Allowed()
        : new EgressDecision.Denied("not global unicast " + GLOBAL_UNICAST_V6);
  }

  /// Judges an address written as text, such as the host of a URL; anything but the canonical
  /// spelling is an [IllegalArgumentException].
  public EgressDecision evaluateLiteral(String address) {
    return evaluate(IpAddresses.parse(address));
  }

  /// Whether the operator has opened a network that holds this address.
  public boolean isAllowlisted(byte[] address) {
    byte[] plain = IpAddresses.unmapped(address);
    return allowed.stream().anyMatch(network -> network.contains(plain));
  }

  /// Whether the operator has opened any network, so that names known only inside one make sense.
  public boolean hasAllowlist() {
    return !allowed.isEmpty();
  }

  private static Map<Network, String> denied() {
    Map<Network, String> rules = new LinkedHashMap<>();
    deny(rules, "this network", "0.0.0.0/8");
    deny(rules, "private network", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7");
    deny(rules, "shared address space", "100.64.0.0/10");
    deny(rules, "loopback", "127.0.0.0/8", "::1/128");
    deny(rules, "link-local", "169.254.0.0/16", "fe80::/10");
    deny(rules, "IETF protocol assignments", "192.0.0.0/24", "2001::/23");
    deny(
        rules,
        "documentation",
        "192.0.2.0/24",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "2001:db8::/32",
        "3fff::/20");
    deny(
        rules,
        "AS112 or relay anycast",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",
        "192.175.48.0/24");
    deny(rules, "AS112", "2620:4f:8000::/48");
    deny(rules, "6to4", "2002::/16");
    deny(rules, "benchmarking", "198.18.0.0/15");
    deny(rules, "multicast", "224.0.0.0/4", "ff00::/8");
    deny(rules, "reserved", "240.0.0.0/4");
    deny(rules, "cloud platform address", "168.63.129.16/32");
    return rules;
  }

  private static void deny(Map<Network, String> rules, String name, String... networks) {
    for (String network : networks) {
      rules.put(Network.parse(network), name);
    }
  }
}
