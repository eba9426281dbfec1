package dev.runhook.outbound.egress;

import dev.runhook.domain.egress.EgressPolicy;
import dev.runhook.domain.egress.EgressPolicy.Decision;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The rules of the process for DNS lookups, which [DnsEgressFilter] installs. Without rules,
/// lookups pass through unchanged.
record LookupRules(EgressPolicy policy, Set<String> exemptHosts) {
  private static final int MAX_EARLY_NAMES = 20;
  private static final AtomicReference<@Nullable LookupRules> INSTALLED = new AtomicReference<>();
  private static final Set<String> EARLY_NAMES = ConcurrentHashMap.newKeySet();

  /// Returns false if rules are already installed.
  static boolean install(EgressPolicy policy, Set<String> exemptHosts) {
    return INSTALLED.compareAndSet(null, new LookupRules(policy, exemptHosts));
  }

  /// Returns some names that were looked up before rules were installed.
  static Set<String> earlyNames() {
    return Set.copyOf(EARLY_NAMES);
  }

  /// Returns those addresses of a host that the policy allows.
  static Stream<InetAddress> filter(String host, List<InetAddress> addresses) {
    LookupRules rules = INSTALLED.get();
    if (rules == null) {
      // a host application might never install the filter
      if (EARLY_NAMES.size() < MAX_EARLY_NAMES) {
        EARLY_NAMES.add(host);
      }
      return addresses.stream();
    }
    return rules.exemptHosts.contains(host.toLowerCase(Locale.ROOT))
        ? addresses.stream()
        : addresses.stream()
            .filter(
                address -> rules.policy.evaluate(address.getAddress()) instanceof Decision.Allowed);
  }
}
