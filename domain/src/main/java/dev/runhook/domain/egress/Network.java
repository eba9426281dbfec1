package dev.runhook.domain.egress;

import java.util.Arrays;

/// A range of addresses in CIDR notation, IPv4 (4 bytes) or IPv6 (16 bytes). Parses numbers only;
/// it never looks up a name.
public final class Network {
  private final byte[] base;
  private final int prefix;
  private final String text;

  private Network(byte[] base, int prefix, String text) {
    this.base = base;
    this.prefix = prefix;
    this.text = text;
  }

  /// Reads `10.0.0.0/8` or `fc00::/7`; a bare address is a network of itself alone. Bits below the
  /// prefix must be zero.
  public static Network parse(String text) {
    int slash = text.indexOf('/');
    byte[] base = IpAddresses.parse(slash < 0 ? text : text.substring(0, slash));
    int longest = base.length * Byte.SIZE;
    int prefix = slash < 0 ? longest : prefixOf(text, slash + 1, longest);
    Network network = new Network(base, prefix, text);
    if (!Arrays.equals(network.masked(base), base)) {
      throw new IllegalArgumentException(
          "\"" + text + "\" has bits set below its prefix; make them zero");
    }
    return network;
  }

  private static int prefixOf(String text, int from, int longest) {
    String digits = text.substring(from);
    if (!digits.matches("\\d{1,3}") || Integer.parseInt(digits) > longest) {
      throw new IllegalArgumentException(
          "\"" + text + "\" has no prefix of 0 to " + longest + " bits");
    }
    return Integer.parseInt(digits);
  }

  /// Whether the address is in this range; never across the two families.
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
