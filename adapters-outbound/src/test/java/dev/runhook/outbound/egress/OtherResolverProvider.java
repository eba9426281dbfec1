package dev.runhook.outbound.egress;

import java.net.spi.InetAddressResolver;
import java.net.spi.InetAddressResolverProvider;

/// A provider without the filter. A test activates it by putting its registration first on the
/// class path.
public final class OtherResolverProvider extends InetAddressResolverProvider {
  @Override
  public InetAddressResolver get(Configuration configuration) {
    return configuration.builtinResolver();
  }

  @Override
  public String name() {
    return "other";
  }
}
