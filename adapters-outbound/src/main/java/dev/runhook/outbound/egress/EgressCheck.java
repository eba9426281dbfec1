package dev.runhook.outbound.egress;

import dev.runhook.domain.egress.EgressPolicy;
import dev.runhook.domain.egress.EgressPolicy.Decision;
import dev.runhook.outbound.egress.DnsCache.Resolution;
import dev.runhook.outbound.egress.EgressResult.Allowed;
import dev.runhook.outbound.egress.EgressResult.Denied;
import dev.runhook.outbound.egress.EgressResult.Unresolved;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// Checks the target of a request right before it is sent. The check when a webhook is saved is not
/// enough, because DNS records and policies change. Thread-safe.
public final class EgressCheck implements AutoCloseable {
  private static final Pattern NUMERIC = Pattern.compile("(.*\\.)?(\\d+|0[xX][0-9a-fA-F]*)");

  private final EgressPolicy policy;
  private final DnsCache dnsCache;

  /// Resolves host names. Implementations may block for a long time.
  public interface HostResolver {
    List<InetAddress> resolve(String host) throws UnknownHostException;
  }

  /// Creates a check that uses the resolver of the system.
  public EgressCheck(EgressPolicy policy) {
    this(policy, FilteringResolver::resolveUnfiltered);
  }

  public EgressCheck(EgressPolicy policy, HostResolver resolver) {
    this.policy = policy.denyingLocalAddresses(new LocalAddresses());
    this.dnsCache = new DnsCache(resolver);
  }

  /// @param timeout limits the DNS lookup
  public EgressResult evaluate(URI uri, Duration timeout) throws InterruptedException {
    String host = uri.getHost();
    if (host == null) {
      return new Denied("endpoint without a host");
    }
    if (host.startsWith("[")) {
      return evaluateLiteral(host.substring(1, host.length() - 1));
    }
    return NUMERIC.matcher(host).matches() ? evaluateLiteral(host) : evaluateName(host, timeout);
  }

  /// Denies every non-canonical spelling, because two parsers could read it as two different
  /// addresses.
  private EgressResult evaluateLiteral(String address) {
    try {
      return switch (policy.evaluateLiteral(address)) {
        case Decision.Allowed() -> new Allowed(address, List.of());
        case Decision.Denied(String rule) -> new Denied(rule);
      };
    } catch (IllegalArgumentException _) {
      return new Denied("non-canonical spelling of an address");
    }
  }

  private EgressResult evaluateName(String host, Duration timeout) throws InterruptedException {
    return switch (dnsCache.resolve(host, timeout)) {
      case Resolution.Resolved(List<InetAddress> addresses) -> evaluateAddresses(host, addresses);
      case Resolution.Unresolved(String reason) -> new Unresolved(reason);
    };
  }

  private EgressResult evaluateAddresses(String host, List<InetAddress> addresses) {
    List<InetAddress> allowed = new ArrayList<>();
    String brokenRule = "";
    for (InetAddress address : addresses) {
      switch (policy.evaluate(address.getAddress())) {
        case Decision.Allowed() -> allowed.add(address);
        case Decision.Denied(String rule) -> brokenRule = rule;
      }
    }
    // without the filter, the JVM looks the name up itself and may use any of its addresses
    boolean safe =
        FilteringResolver.isInstalled() ? !allowed.isEmpty() : allowed.size() == addresses.size();
    return safe ? new Allowed(host, List.copyOf(allowed)) : new Denied(brokenRule);
  }

  @Override
  public void close() {
    dnsCache.close();
  }
}
