package dev.runhook.outbound;

import java.net.spi.InetAddressResolver;
import java.net.spi.InetAddressResolverProvider;

/// Makes [EgressGuard] the JVM's resolver of names (JEP 418). Public, as the service loader
/// demands; nobody else needs it.
public final class GuardedResolverProvider extends InetAddressResolverProvider {
  @Override
  public InetAddressResolver get(Configuration configuration) {
    return GuardedResolver.inForceOver(configuration.builtinResolver());
  }

  @Override
  public String name() {
    return "Runhook egress guard";
  }
}
