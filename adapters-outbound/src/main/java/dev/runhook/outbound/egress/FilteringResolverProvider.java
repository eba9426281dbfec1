package dev.runhook.outbound.egress;

import java.net.spi.InetAddressResolver;
import java.net.spi.InetAddressResolverProvider;

/// Registers the resolver behind [DnsEgressFilter] with the JVM (JEP 418). It is public only for
/// the service loader.
public final class FilteringResolverProvider extends InetAddressResolverProvider {
  @Override
  public InetAddressResolver get(Configuration configuration) {
    return FilteringResolver.installOver(configuration.builtinResolver());
  }

  @Override
  public String name() {
    return "Runhook DNS egress filter";
  }
}
