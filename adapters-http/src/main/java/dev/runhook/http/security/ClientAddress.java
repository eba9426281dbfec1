package dev.runhook.http.security;

import io.javalin.http.Context;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.HexFormat;

/// Where a request comes from: the address at the other end of the connection. What a header says
/// of it anybody can write, so it is not believed. Of an IPv6 address the first 64 bits count, for
/// whoever has one address there has them all.
public final class ClientAddress {
  private static final int NETWORK_BYTES = 8;

  private ClientAddress() {}

  public static String of(Context context) {
    return of(context.req().getRemoteAddr());
  }

  static String of(String address) {
    if (address.indexOf(':') < 0) {
      return address;
    }
    try {
      byte[] bytes = InetAddress.ofLiteral(address).getAddress();
      return HexFormat.of().formatHex(Arrays.copyOf(bytes, NETWORK_BYTES));
    } catch (IllegalArgumentException _) {
      return address;
    }
  }
}
