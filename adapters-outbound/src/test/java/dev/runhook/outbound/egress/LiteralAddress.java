package dev.runhook.outbound.egress;

import dev.runhook.domain.egress.IpAddresses;
import java.net.InetAddress;
import java.net.UnknownHostException;

/// Converts text to an address without a lookup, which these tests observe.
public final class LiteralAddress {
  private LiteralAddress() {}

  public static InetAddress of(String text) {
    try {
      return InetAddress.getByAddress(IpAddresses.parse(text));
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
