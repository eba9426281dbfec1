package dev.runhook.outbound.egress;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.spi.InetAddressResolver;
import java.net.spi.InetAddressResolver.LookupPolicy;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The JVM's name resolver. A [PinnedHost] resolves to the address that it contains. All other
/// names resolve to the addresses from the system resolver, filtered by [DnsEgressFilter].
///
/// A denied name resolves to an empty list. An exception would make the JDK resolve `localhost`
/// itself.
final class JvmResolver implements InetAddressResolver {
  private static final String PROBE = "filter-installed.runhook.invalid";
  private static final byte[] PROBE_ADDRESS = {(byte) 192, 0, 2, 1};
  private static final LookupPolicy DEFAULT_POLICY =
      LookupPolicy.of(LookupPolicy.IPV4 | LookupPolicy.IPV6 | LookupPolicy.IPV4_FIRST);
  private static volatile @Nullable JvmResolver installed;

  private final InetAddressResolver system;
  private volatile LookupPolicy platformPolicy = DEFAULT_POLICY;

  private JvmResolver(InetAddressResolver system) {
    this.system = system;
  }

  static JvmResolver installOver(InetAddressResolver system) {
    JvmResolver resolver = new JvmResolver(system);
    installed = resolver;
    return resolver;
  }

  /// Returns whether the JVM uses this resolver. The JVM chooses its resolver at the first lookup,
  /// so this makes a lookup if necessary.
  static boolean isInstalled() {
    if (installed == null) {
      try {
        InetAddress.getAllByName(PROBE);
      } catch (UnknownHostException ignored) {
        return false;
      }
    }
    return installed != null;
  }

  /// Returns the addresses that the system resolver finds for a host. The caller must check them.
  static List<InetAddress> resolveUnfiltered(String host) throws UnknownHostException {
    JvmResolver resolver = isInstalled() ? installed : null;
    return resolver == null
        ? List.of(InetAddress.getAllByName(host))
        : resolver.system.lookupByName(host, resolver.platformPolicy).toList();
  }

  @Override
  public Stream<InetAddress> lookupByName(String host, LookupPolicy policy)
      throws UnknownHostException {
    platformPolicy = policy;
    if (host.equals(PROBE)) {
      return Stream.of(InetAddress.getByAddress(host, PROBE_ADDRESS));
    }
    List<InetAddress> pinned = PinnedHost.findAddress(host);
    return pinned.isEmpty()
        ? LookupRules.filter(host, system.lookupByName(host, policy).toList())
        : pinned.stream();
  }

  @Override
  public String lookupByAddress(byte[] address) throws UnknownHostException {
    return system.lookupByAddress(address);
  }

  /// Host names that contain the only address that they resolve to.
  ///
  /// The JDK's HTTP client connects to a name, not to an address, and looks the name up in a cache
  /// that any code in the JVM can fill. The address that was checked may not be the one in that
  /// cache. Therefore a request is sent to a pinned name instead, such as
  /// `xc6290a0c.hooks.example.com.<random>.pinned.invalid`. [JvmResolver] resolves it to the
  /// address in its first label, so a cache can hold no other. The random part is new in each
  /// process: no other code can use a pinned name to reach an address.
  ///
  /// The resolved address carries the original name, which the client uses for TLS: for the name
  /// check, SNI and the reuse of connections and sessions. The `Host` header must be set
  /// explicitly.
  static final class PinnedHost {
    private static final String SUFFIX =
        "." + new BigInteger(128, new SecureRandom()).toString(16) + ".pinned.invalid";

    private PinnedHost() {}

    /// Returns the URI with a pinned name instead of its host.
    static URI pin(URI uri, InetAddress address) {
      String label = "x" + HexFormat.of().formatHex(address.getAddress());
      String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
      String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
      String pinned = label + "." + uri.getHost() + SUFFIX;
      return URI.create(uri.getScheme() + "://" + pinned + port + uri.getRawPath() + query);
    }

    /// Returns the address in a pinned name, with the original name. Empty for any other name.
    static List<InetAddress> findAddress(String name) throws UnknownHostException {
      if (!name.endsWith(SUFFIX)) {
        return List.of();
      }
      int dot = name.indexOf('.');
      String host = name.substring(dot + 1, name.length() - SUFFIX.length());
      return List.of(InetAddress.getByAddress(host, HexFormat.of().parseHex(name, 1, dot)));
    }
  }
}
