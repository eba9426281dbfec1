package dev.runhook.outbound.egress;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.net.spi.InetAddressResolver;
import java.net.spi.InetAddressResolver.LookupPolicy;
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
}
