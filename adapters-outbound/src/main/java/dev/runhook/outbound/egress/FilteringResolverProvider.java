package dev.runhook.outbound.egress;

import java.net.spi.InetAddressResolver;
import java.net.spi.InetAddressResolverProvider;

/// Makes [DnsEgressFilter] the JVM's resolver of names (JEP 418). Public, as the service loader
/// demands; nobody else needs it.
public final class FilteringResolverProvider extends InetAddressResolverProvider {
  @Override
  public InetAddressResolver get(Configuration configuration) {
    return FilteringResolver.installOver(configuration.builtinResolver());
  }

  @Override
  public String name() {
    return "Runhook egress guard";
  }
}
