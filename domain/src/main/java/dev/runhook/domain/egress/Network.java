package dev.runhook.domain.egress;

import java.util.Arrays;

/// An IPv4 (4 bytes) or IPv6 (16 bytes) address range in CIDR notation. Names are never looked up.
public final class Network {
  private final byte[] base;
  private final int prefix;
  private final String text;

  private Network(byte[] base, int prefix, String text) {
    this.base = base;
    this.prefix = prefix;
    this.text = text;
  }

  /// Parses a network such as `10.0.0.0/8` or `fc00::/7`. An address without a prefix is a network
  /// with only that address. The bits after the prefix must be zero.
  public static Network parse(String text) {
    int slash = text.indexOf('/');
    byte[] base = IpAddresses.parse(slash < 0 ? text : text.substring(0, slash));
    int maxPrefix = base.length * Byte.SIZE;
    String digits = slash < 0 ? Integer.toString(maxPrefix) : text.substring(slash + 1);
    if (!digits.matches("\\d{1,3}") || Integer.parseInt(digits) > maxPrefix) {
      throw new IllegalArgumentException(
          "\"" + text + "\" must have a prefix of 0 to " + maxPrefix + " bits");
    }
    Network network = new Network(base, Integer.parseInt(digits), text);
    if (!Arrays.equals(network.masked(base), base)) {
      throw new IllegalArgumentException(
          "\"" + text + "\" has bits set after its prefix; set them to zero");
    }
    return network;
  }

  /// Returns whether the address is in this range. An IPv4 address is never in an IPv6 range, and
  /// an IPv6 address is never in an IPv4 range.
  public boolean contains(byte[] address) {
    return address.length == base.length && Arrays.equals(masked(address), base);
  }

  private byte[] masked(byte[] address) {
    byte[] result = address.clone();
    for (int bit = prefix; bit < result.length * Byte.SIZE; bit++) {
      result[bit / Byte.SIZE] &= (byte) ~(0x80 >> (bit % Byte.SIZE));
    }
    return result;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Network network
        && network.prefix == prefix
        && Arrays.equals(network.base, base);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(base) + prefix;
  }

  @Override
  public String toString() {
    return text;
  }
}
