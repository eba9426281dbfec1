package dev.runhook.http.security;

import dev.runhook.domain.egress.IpAddresses;
import io.javalin.http.Context;
import java.util.Arrays;
import java.util.HexFormat;

/// The client address for rate limiting: the peer address of the connection. Headers such as
/// `X-Forwarded-For` are ignored, because a client can forge them. An IPv6 address is reduced to
/// its first 64 bits, because one client usually owns the whole network.
public final class ClientAddress {
  private static final int NETWORK_BYTES = 8;

  private ClientAddress() {}

  public static String of(Context context) {
    return of(context.req().getRemoteAddr());
  }

  /// @param address a literal address, possibly with a zone
  public static String of(String address) {
    if (address.indexOf(':') < 0) {
      return address;
    }
    try {
      byte[] bytes = IpAddresses.unmapped(IpAddresses.parse(withoutZone(address)));
      return HexFormat.of().formatHex(Arrays.copyOf(bytes, NETWORK_BYTES));
    } catch (IllegalArgumentException ignored) {
      return address;
    }
  }

  private static String withoutZone(String address) {
    int zone = address.indexOf('%');
    return zone < 0 ? address : address.substring(0, zone);
  }
}
