package dev.runhook.domain.egress;

import java.util.Arrays;
import java.util.regex.Pattern;

/// Parses IP addresses into bytes. Names are never looked up. Only canonical forms are accepted:
/// four decimal numbers, or RFC 4291 text without a zone.
public final class IpAddresses {
  private static final int IPV4_BYTES = 4;
  private static final int IPV6_GROUPS = 8;
  private static final Pattern DECIMAL = Pattern.compile("0|[1-9]\\d{0,2}");
  private static final Pattern HEXADECIMAL = Pattern.compile("[0-9A-Fa-f]{1,4}");
  private static final byte[] MAPPED = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1};

  private IpAddresses() {}

  public static byte[] parse(String text) {
    return text.indexOf(':') < 0 ? parseV4(text, text) : parseV6(text);
  }

  /// Converts an IPv4-mapped IPv6 address (`::ffff:a.b.c.d`) to IPv4. Other addresses are returned
  /// unchanged.
  public static byte[] unmapped(byte[] address) {
    boolean mapped =
        address.length == 16 && Arrays.equals(address, 0, MAPPED.length, MAPPED, 0, MAPPED.length);
    return mapped ? Arrays.copyOfRange(address, MAPPED.length, address.length) : address.clone();
  }

  private static byte[] parseV4(String part, String whole) {
    String[] parts = part.split("\\.", -1);
    byte[] bytes = new byte[IPV4_BYTES];
    checkAddress(parts.length == IPV4_BYTES, whole);
    for (int i = 0; i < IPV4_BYTES; i++) {
      checkAddress(DECIMAL.matcher(parts[i]).matches() && Integer.parseInt(parts[i]) <= 255, whole);
      bytes[i] = (byte) Integer.parseInt(parts[i]);
    }
    return bytes;
  }

  private static byte[] parseV6(String text) {
    String[] halves = withoutDots(text).split("::", -1);
    checkAddress(halves.length <= 2, text);
    String[] head = groups(halves[0]);
    String[] tail = groups(halves.length == 2 ? halves[1] : "");
    int omitted = IPV6_GROUPS - head.length - tail.length;
    checkAddress(halves.length == 2 ? omitted > 0 : omitted == 0, text);
    byte[] bytes = new byte[2 * IPV6_GROUPS];
    for (int i = 0; i < head.length + tail.length; i++) {
      String group = i < head.length ? head[i] : tail[i - head.length];
      checkAddress(HEXADECIMAL.matcher(group).matches(), text);
      int value = Integer.parseInt(group, 16);
      int position = 2 * (i < head.length ? i : i + omitted);
      bytes[position] = (byte) (value >> Byte.SIZE);
      bytes[position + 1] = (byte) value;
    }
    return bytes;
  }

  /// Writes an IPv4 address at the end of an IPv6 address as two groups.
  private static String withoutDots(String text) {
    int start = text.lastIndexOf(':') + 1;
    if (text.indexOf('.', start) < 0) {
      return text;
    }
    byte[] last = parseV4(text.substring(start), text);
    return text.substring(0, start)
        + "%02x%02x:%02x%02x".formatted(last[0], last[1], last[2], last[3]);
  }

  private static String[] groups(String part) {
    return part.isEmpty() ? new String[0] : part.split(":", -1);
  }

  private static void checkAddress(boolean valid, String text) {
    if (!valid) {
      throw new IllegalArgumentException("\"" + text + "\" is not an IP address");
    }
  }
}
