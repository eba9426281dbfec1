package dev.runhook.outbound.egress;

import dev.runhook.outbound.egress.EgressResult.Allowed;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.net.spi.InetAddressResolver;
import java.net.spi.InetAddressResolver.LookupPolicy;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Answers every look-up of a name in this JVM: for a request that was just cleared, with the
/// addresses it was cleared for; otherwise with what the system says, less what [DnsEgressFilter]
/// denies, on whatever thread.
///
/// A denied name gets an empty answer, never an exception: on an exception the JDK answers
/// `localhost` by itself.
public final class FilteringResolver implements InetAddressResolver {
  private static final String PROBE = "guard-in-force.runhook.invalid";
  private static final byte[] PROBE_ADDRESS = {(byte) 192, 0, 2, 1};
  private static final LookupPolicy USUAL =
      LookupPolicy.of(LookupPolicy.IPV4 | LookupPolicy.IPV6 | LookupPolicy.IPV4_FIRST);
  private static volatile @Nullable FilteringResolver inForce;

  private final InetAddressResolver system;
  private volatile LookupPolicy platformPolicy = USUAL;

  private FilteringResolver(InetAddressResolver system) {
    this.system = system;
  }

  static FilteringResolver installOver(InetAddressResolver system) {
    FilteringResolver resolver = new FilteringResolver(system);
    inForce = resolver;
    return resolver;
  }

  /// Whether the JVM asks us. The first look-up of a JVM decides that, so this makes one where none
  /// was made yet.
  static boolean isInstalled() {
    if (inForce == null) {
      try {
        InetAddress.getAllByName(PROBE);
      } catch (UnknownHostException _) {
        return false;
      }
    }
    return inForce != null;
  }

  /// What the system says of a name, unfiltered, to be judged by the caller.
  public static List<InetAddress> resolveUnfiltered(String host) throws UnknownHostException {
    FilteringResolver resolver = isInstalled() ? inForce : null;
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
    List<InetAddress> cleared = Allowed.boundAddresses(host);
    List<InetAddress> addresses =
        cleared.isEmpty() ? system.lookupByName(host, policy).toList() : cleared;
    return DnsEgressFilter.filter(host, addresses);
  }

  @Override
  public String lookupByAddress(byte[] address) throws UnknownHostException {
    return system.lookupByAddress(address);
  }
}
