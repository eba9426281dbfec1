package dev.runhook.outbound.egress;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.net.spi.InetAddressResolver;
import java.net.spi.InetAddressResolverProvider;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/// Installs the filter over a resolver that returns random addresses. A test activates it by
/// putting its registration first on the class path.
public final class FlippingResolverProvider extends InetAddressResolverProvider {
  private static final List<List<InetAddress>> RESOLUTIONS =
      List.of(
          List.of(LiteralAddress.of("127.0.0.1")),
          List.of(ForbiddenServer.ADDRESS),
          List.of(ForbiddenServer.ADDRESS, LiteralAddress.of("127.0.0.1")),
          List.of(LiteralAddress.of("127.0.0.3"), ForbiddenServer.ADDRESS));

  @Override
  public InetAddressResolver get(Configuration configuration) {
    return JvmResolver.installOver(new Flipping());
  }

  @Override
  public String name() {
    return "flipping";
  }

  private static final class Flipping implements InetAddressResolver {
    private final Random random = new Random(13);

    @Override
    public Stream<InetAddress> lookupByName(String host, LookupPolicy policy) {
      return RESOLUTIONS.get(random.nextInt(RESOLUTIONS.size())).stream();
    }

    @Override
    public String lookupByAddress(byte[] address) throws UnknownHostException {
      throw new UnknownHostException();
    }
  }
}
