package dev.runhook.outbound.egress;

import java.net.spi.InetAddressResolver;
import java.net.spi.InetAddressResolverProvider;

/// Registers [JvmResolver] with the JVM (JEP 418). It is public only for the service loader.
public final class JvmResolverProvider extends InetAddressResolverProvider {
  @Override
  public InetAddressResolver get(Configuration configuration) {
    return JvmResolver.installOver(configuration.builtinResolver());
  }

  @Override
  public String name() {
    return "Runhook DNS resolver";
  }
}
