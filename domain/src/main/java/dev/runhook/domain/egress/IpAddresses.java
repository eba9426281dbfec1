package dev.runhook.domain.egress;

import java.util.Arrays;
import java.util.regex.Pattern;

/// Parses IP addresses into bytes. Only canonical forms are accepted: four decimal numbers, or RFC
/// 4291 text without a zone.
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

  /// Converts an IPv4-mapped IPv6 address (`::ffff:a.b.c.d`) to IPv4. Other addresses are returned
  /// unchanged.
  static byte[] unmapped(byte[] address) {
    boolean mapped =
        address.length == 16 && Arrays.equals(address, 0, MAPPED.length, MAPPED, 0, MAPPED.length);
    return mapped ? Arrays.copyOfRange(address, MAPPED.length, address.length) : address.clone();
  }

  private static byte[] parseV4(String text) {
    String[] parts = text.split("\\.", -1);
    byte[] bytes = new byte[IPV4_BYTES];
    if (parts.length != IPV4_BYTES) {
      throw invalid(text);
    }
    for (int i = 0; i < IPV4_BYTES; i++) {
      if (!DECIMAL.matcher(parts[i]).matches() || Integer.parseInt(parts[i]) > 255) {
        throw invalid(text);
      }
      bytes[i] = (byte) Integer.parseInt(parts[i]);
    }
    return bytes;
  }

  private static byte[] parseV6(String text) {
    int gap = text.indexOf("::");
    boolean malformed =
        gap >= 0 && (text.indexOf("::", gap + 1) >= 0 || text.lastIndexOf('.', gap) >= 0);
    if (malformed) {
      throw invalid(text);
    }
    byte[] head = groups(gap < 0 ? text : text.substring(0, gap), text);
    byte[] tail = gap < 0 ? new byte[0] : groups(text.substring(gap + 2), text);
    int length = IPV6_GROUPS * 2;
    boolean lengthIsValid = gap < 0 ? head.length == length : head.length + tail.length < length;
    if (!lengthIsValid) {
      throw invalid(text);
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
    int hexGroups = last.length == 0 ? groups.length : groups.length - 1;
    byte[] bytes = new byte[hexGroups * 2 + last.length];
    for (int i = 0; i < hexGroups; i++) {
      if (!HEXADECIMAL.matcher(groups[i]).matches()) {
        throw invalid(whole);
      }
      int value = Integer.parseInt(groups[i], 16);
      bytes[2 * i] = (byte) (value >> Byte.SIZE);
      bytes[2 * i + 1] = (byte) value;
    }
    System.arraycopy(last, 0, bytes, hexGroups * 2, last.length);
    return bytes;
  }

  private static IllegalArgumentException invalid(String text) {
    return new IllegalArgumentException("\"" + text + "\" is not an IP address");
  }
}
