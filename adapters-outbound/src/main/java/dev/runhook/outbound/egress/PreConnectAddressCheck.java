package dev.runhook.outbound.egress;

import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.egress.EgressPolicy;
import dev.runhook.domain.egress.EgressPolicy.Decision;
import dev.runhook.outbound.egress.DnsCache.Resolution;
import dev.runhook.outbound.egress.PreConnectAddressCheck.Result.Allowed;
import dev.runhook.outbound.egress.PreConnectAddressCheck.Result.Denied;
import dev.runhook.outbound.egress.PreConnectAddressCheck.Result.Unresolved;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/// Checks the target of a request right before a connection is made, and pins the request to a
/// checked address. The check when a webhook is saved is not enough, because DNS records and
/// policies change. A name is allowed only if all its addresses are. Thread-safe.
public final class PreConnectAddressCheck implements AutoCloseable {
  private static final Pattern NUMERIC = Pattern.compile("(.*\\.)?(\\d+|0[xX][0-9a-fA-F]*)");

  private final EgressPolicy policy;
  private final DnsCache dnsCache;

  /// The result of a check.
  public sealed interface Result {
    /// The request may be sent.
    ///
    /// @param targets where to send it: the checked URI for each address, with a
    ///   [JvmResolver.PinnedHost] instead of a name; at least one
    record Allowed(List<URI> targets) implements Result {}

    /// @param rule the rule that forbids the target
    record Denied(String rule) implements Result {}

    /// The host could not be resolved in time.
    record Unresolved(String detail) implements Result {}
  }

  /// Creates a check that uses the resolver of the system.
  public PreConnectAddressCheck(EgressPolicy policy) {
    this(policy, JvmResolver::resolveUnfiltered);
  }

  public PreConnectAddressCheck(EgressPolicy policy, HostResolver resolver) {
    this.policy = policy.denyingLocalAddresses(new LocalAddresses());
    this.dnsCache = new DnsCache(resolver, System::nanoTime);
  }

  /// Checks that this JVM can send requests to a [JvmResolver.PinnedHost].
  ///
  /// @throws IllegalStateException if not; the message says what to configure
  public static void requireSupport() {
    if (!JvmResolver.isInstalled()) {
      throw new IllegalStateException(
          "the JVM does not use Runhook's DNS resolver, so requests could reach addresses that were"
              + " not checked; put runhook-adapters-outbound on the application class path, before"
              + " any other InetAddressResolverProvider, or send through an egress proxy");
    }
    try {
      HttpRequest.newBuilder().header("Host", "example.com");
    } catch (IllegalArgumentException e) {
      throw new IllegalStateException(
          "the JVM's HTTP client was used before HttpClientProperties.set() and cannot send the"
              + " Host header; call that method earlier, or start the JVM with"
              + " -Djdk.httpclient.allowRestrictedHeaders=host",
          e);
    }
  }

  /// @param account whose share of the lookup threads is used
  /// @param timeout limits the DNS lookup
  public Result evaluate(AccountId account, URI uri, Duration timeout) throws InterruptedException {
    String host = uri.getHost();
    if (host == null) {
      return new Denied("endpoint without a host");
    }
    if (policy.evaluateScheme(uri.getScheme()) instanceof Decision.Denied(String rule)) {
      return new Denied(rule);
    }
    if (host.startsWith("[")) {
      return evaluateLiteral(uri, host.substring(1, host.length() - 1));
    }
    return NUMERIC.matcher(host).matches()
        ? evaluateLiteral(uri, host)
        : evaluateName(account, uri, timeout);
  }

  /// Denies every non-canonical spelling, because two parsers could read it as two different
  /// addresses.
  private Result evaluateLiteral(URI uri, String address) {
    try {
      return switch (policy.evaluateLiteral(address)) {
        case Decision.Allowed() -> new Allowed(List.of(uri));
        case Decision.Denied(String rule) -> new Denied(rule);
      };
    } catch (IllegalArgumentException ignored) {
      return new Denied("non-canonical spelling of an address");
    }
  }

  private Result evaluateName(AccountId account, URI uri, Duration timeout)
      throws InterruptedException {
    return switch (dnsCache.resolve(account, uri.getHost(), timeout)) {
      case Resolution.Resolved(List<InetAddress> addresses) -> evaluateAddresses(uri, addresses);
      case Resolution.Unresolved(String reason) -> new Unresolved(reason);
    };
  }

  private Result evaluateAddresses(URI uri, List<InetAddress> addresses) {
    for (InetAddress address : addresses) {
      if (policy.evaluate(address.getAddress()) instanceof Decision.Denied(String rule)) {
        return new Denied(rule);
      }
    }
    return new Allowed(
        addresses.stream().map(address -> JvmResolver.PinnedHost.pin(uri, address)).toList());
  }

  @Override
  public void close() {
    dnsCache.close();
  }
}
