package dev.runhook.domain.egress;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// Decides from the bytes of an address whether it may be called. Only public unicast addresses are
/// allowed, unless the operator has allowlisted their network. The operator can also deny further
/// networks, which takes precedence, and require `https`.
///
/// The denied ranges are those of the IANA special-purpose registries (RFC 6890 and its successors)
/// and Azure's platform address, which looks public. Only 2000::/3 is allowed in IPv6. This
/// excludes loopback, unique-local, link-local, NAT64 and IPv4-compatible addresses.
public final class EgressPolicy {
  /// Whether an address may be called.
  public sealed interface Decision {
    record Allowed() implements Decision {}

    /// @param rule the rule that denies it, for example `private network 10.0.0.0/8`
    record Denied(String rule) implements Decision {}
  }

  private static final Network GLOBAL_UNICAST_V6 = Network.parse("2000::/3");
  private static final List<Rule> DENIED =
      """
      this network: 0.0.0.0/8
      private network: 10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 fc00::/7
      shared address space: 100.64.0.0/10
      loopback: 127.0.0.0/8 ::1/128
      link-local: 169.254.0.0/16 fe80::/10
      IETF protocol assignments: 192.0.0.0/24 2001::/23
      documentation: 192.0.2.0/24 198.51.100.0/24 203.0.113.0/24 2001:db8::/32 3fff::/20
      AS112 or relay anycast: 192.31.196.0/24 192.52.193.0/24 192.88.99.0/24 192.175.48.0/24
      AS112: 2620:4f:8000::/48
      6to4: 2002::/16
      benchmarking: 198.18.0.0/15
      multicast: 224.0.0.0/4 ff00::/8
      reserved: 240.0.0.0/4
      cloud platform address: 168.63.129.16/32
      """
          .lines()
          .map(line -> line.split(": ", 2))
          .flatMap(
              rule -> Stream.of(rule[1].split(" ")).map(it -> new Rule(rule[0], Network.parse(it))))
          .toList();

  private final List<Network> allowed;
  private final List<Rule> operatorDenied;
  private final boolean httpsOnly;
  private final Predicate<byte[]> local;

  /// @param allowed networks that may be called although a rule denies them
  public EgressPolicy(List<Network> allowed) {
    this(allowed, List.of(), false);
  }

  /// @param allowed networks that may be called although a built-in rule denies them
  /// @param denied networks that may not be called, even if they are allowed
  /// @param httpsOnly whether endpoints must use `https`
  public EgressPolicy(List<Network> allowed, List<Network> denied, boolean httpsOnly) {
    this(
        List.copyOf(allowed),
        denied.stream()
            .map(network -> new Rule("network denied by the operator", network))
            .toList(),
        httpsOnly,
        ignored -> false);
  }

  private EgressPolicy(
      List<Network> allowed,
      List<Rule> operatorDenied,
      boolean httpsOnly,
      Predicate<byte[]> local) {
    this.allowed = allowed;
    this.operatorDenied = operatorDenied;
    this.httpsOnly = httpsOnly;
    this.local = local;
  }

  /// Returns this policy with the machine's own addresses denied too, even public ones, unless
  /// their network is allowlisted.
  ///
  /// @param isLocal returns whether an address of 4 or 16 bytes currently belongs to this machine
  public EgressPolicy denyingLocalAddresses(Predicate<byte[]> isLocal) {
    return new EgressPolicy(allowed, operatorDenied, httpsOnly, local.or(isLocal));
  }

  /// Evaluates the scheme of an endpoint, `http` or `https`.
  public Decision evaluateScheme(String scheme) {
    return httpsOnly && !scheme.equalsIgnoreCase("https")
        ? new Decision.Denied("only https is allowed")
        : new Decision.Allowed();
  }

  /// Evaluates an IPv4 (4 bytes) or IPv6 (16 bytes) address. An IPv4-mapped IPv6 address is
  /// evaluated as IPv4.
  public Decision evaluate(byte[] address) {
    byte[] unmapped = IpAddresses.unmapped(address);
    Optional<Decision> deniedByOperator = findRule(operatorDenied, unmapped);
    if (deniedByOperator.isPresent()) {
      return deniedByOperator.get();
    }
    if (allowed.stream().anyMatch(network -> network.contains(unmapped))) {
      return new Decision.Allowed();
    }
    return findRule(DENIED, unmapped).orElseGet(() -> evaluateUnlisted(unmapped));
  }

  private static Optional<Decision> findRule(List<Rule> rules, byte[] address) {
    return rules.stream()
        .filter(rule -> rule.network.contains(address))
        .findFirst()
        .map(rule -> new Decision.Denied(rule.name + " " + rule.network));
  }

  private Decision evaluateUnlisted(byte[] address) {
    if (local.test(address)) {
      return new Decision.Denied("address of this machine");
    }
    return address.length == 4 || GLOBAL_UNICAST_V6.contains(address)
        ? new Decision.Allowed()
        : new Decision.Denied("not global unicast " + GLOBAL_UNICAST_V6);
  }

  /// Evaluates an address literal, such as the host of a URL.
  ///
  /// @throws IllegalArgumentException if the text is not an address in canonical form
  public Decision evaluateLiteral(String address) {
    return evaluate(IpAddresses.parse(address));
  }

  /// Returns whether the operator has allowlisted any network. If so, names that exist only in
  /// private networks are accepted.
  public boolean hasAllowlist() {
    return !allowed.isEmpty();
  }

  /// The settings of the operator, such as `allowed [10.0.0.0/8], denied []`. Two policies with the
  /// same text decide alike, except about addresses of the machine.
  @Override
  public String toString() {
    return "allowed %s, denied %s%s"
        .formatted(
            sorted(allowed.stream()),
            sorted(operatorDenied.stream().map(Rule::network)),
            httpsOnly ? ", only https" : "");
  }

  private static List<String> sorted(Stream<Network> networks) {
    return networks.map(Network::toString).sorted().distinct().toList();
  }

  /// A range of addresses that is denied.
  private record Rule(String name, Network network) {}
}
