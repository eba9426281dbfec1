package dev.runhook.domain.egress;

import java.util.Arrays;
import java.util.regex.Pattern;

/// Reads and normalises IP addresses as bytes. Only canonical spellings are known: four decimal
/// numbers, or RFC 4291 text without a zone.
final class IpAddresses {
  private static final int IPV4_BYTES = 4;
  private static final int IPV6_GROUPS = 8;
  private static final Pattern DECIMAL = Pattern.compile("0|[1-9]\\d{0,2}");
  private static final Pattern HEXADECIMAL = Pattern.compile("[0-9A-Fa-f]{1,4}");
  private static final byte[] MAPPED = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1};

  private IpAddresses() {}

  static byte[] parse(String text) {
    return text.indexOf(':') < 0 ? parseV4(text) : parseV6(text);
  }

  /// An IPv4 address written as IPv6 (`::ffff:a.b.c.d`) as the IPv4 address that it is.
  static byte[] unmapped(byte[] address) {
    boolean mapped =
        address.length == 16 && Arrays.equals(address, 0, MAPPED.length, MAPPED, 0, MAPPED.length);
    return mapped ? Arrays.copyOfRange(address, MAPPED.length, address.length) : address.clone();
  }

  private static byte[] parseV4(String text) {
    String[] parts = text.split("\\.", -1);
    byte[] bytes = new byte[IPV4_BYTES];
    if (parts.length != IPV4_BYTES) {
      throw unreadable(text);
    }
    for (int i = 0; i < IPV4_BYTES; i++) {
      if (!DECIMAL.matcher(parts[i]).matches() || Integer.parseInt(parts[i]) > 255) {
        throw unreadable(text);
      }
      bytes[i] = (byte) Integer.parseInt(parts[i]);
    }
    return bytes;
  }

  private static byte[] parseV6(String text) {
    int gap = text.indexOf("::");
    boolean odd = gap >= 0 && (text.indexOf("::", gap + 1) >= 0 || text.lastIndexOf('.', gap) >= 0);
    if (odd) {
      throw unreadable(text);
    }
    byte[] head = groups(gap < 0 ? text : text.substring(0, gap), text);
    byte[] tail = gap < 0 ? new byte[0] : groups(text.substring(gap + 2), text);
    int length = IPV6_GROUPS * 2;
    boolean fits = gap < 0 ? head.length == length : head.length + tail.length < length;
    if (!fits) {
      throw unreadable(text);
    }
    byte[] bytes = Arrays.copyOf(head, length);
    System.arraycopy(tail, 0, bytes, length - tail.length, tail.length);
    return bytes;
  }

  private static byte[] groups(String part, String whole) {
    if (part.isEmpty()) {
      return new byte[0];
    }
    String[] groups = part.split(":", -1);
    byte[] last =
        groups[groups.length - 1].indexOf('.') < 0
            ? new byte[0]
            : parseV4(groups[groups.length - 1]);
    int plain = last.length == 0 ? groups.length : groups.length - 1;
    byte[] bytes = new byte[plain * 2 + last.length];
    for (int i = 0; i < plain; i++) {
      if (!HEXADECIMAL.matcher(groups[i]).matches()) {
        throw unreadable(whole);
      }
      int value = Integer.parseInt(groups[i], 16);
      bytes[2 * i] = (byte) (value >> Byte.SIZE);
      bytes[2 * i + 1] = (byte) value;
    }
    System.arraycopy(last, 0, bytes, plain * 2, last.length);
    return bytes;
  }

  private static IllegalArgumentException unreadable(String text) {
    return new IllegalArgumentException("\"" + text + "\" is no IP address");
  }
}
