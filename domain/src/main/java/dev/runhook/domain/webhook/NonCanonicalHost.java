package dev.runhook.domain.webhook;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The host of a URL that is not in canonical form, as another URL parser might read it: behind a
/// user name, with an invalid port, with a trailing dot, or as an `inet_aton` address (fewer than
/// four numbers, octal or hexadecimal). It is used only to report the rule that the host violates.
/// Such URLs are never called.
///
/// @param text in lowercase, without brackets, zone and trailing dot
record NonCanonicalHost(String text) {
  private static final Pattern URL = Pattern.compile("(?i)https?://([^/?#]*).*", Pattern.DOTALL);
  private static final Pattern BRACKETED = Pattern.compile("\\[([^\\]%]*)(%[^\\]]*)?].*");
  private static final Pattern OCTAL = Pattern.compile("0[0-7]{1,16}");
  private static final Pattern DECIMAL = Pattern.compile("\\d{1,16}");
  private static final Pattern HEXADECIMAL = Pattern.compile("0x[0-9a-f]{1,12}");
  private static final int MAX_PARTS = 4;

  static Optional<NonCanonicalHost> of(String url) {
    Matcher matcher = URL.matcher(url);
    return matcher.matches()
        ? Optional.of(new NonCanonicalHost(host(matcher.group(1).toLowerCase(Locale.ROOT))))
        : Optional.empty();
  }

  private static String host(String authority) {
    String hostAndPort = authority.substring(authority.lastIndexOf('@') + 1);
    Matcher bracketed = BRACKETED.matcher(hostAndPort);
    if (bracketed.matches()) {
      return bracketed.group(1);
    }
    int port = hostAndPort.lastIndexOf(':');
    String host = port < 0 ? hostAndPort : hostAndPort.substring(0, port);
    return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
  }

  /// Returns the IPv4 addresses that the host may be read as. Some parsers read a number with a
  /// leading 0 as octal, others as decimal.
  Stream<byte[]> addresses() {
    return Stream.of(true, false).flatMap(octal -> address(octal).stream());
  }

  private Optional<byte[]> address(boolean octal) {
    String[] parts = text.split("\\.", -1);
    if (parts.length > MAX_PARTS) {
      return Optional.empty();
    }
    List<Long> numbers = new ArrayList<>();
    for (String part : parts) {
      number(part, octal).ifPresent(numbers::add);
    }
    return numbers.size() == parts.length ? packed(numbers) : Optional.empty();
  }

  private static Optional<Long> number(String part, boolean octal) {
    if (HEXADECIMAL.matcher(part).matches()) {
      return Optional.of(Long.parseLong(part.substring(2), 16));
    }
    if (octal && part.startsWith("0") && part.length() > 1) {
      return OCTAL.matcher(part).matches()
          ? Optional.of(Long.parseLong(part, 8))
          : Optional.empty();
    }
    return DECIMAL.matcher(part).matches() ? Optional.of(Long.parseLong(part)) : Optional.empty();
  }

  /// Each number is a byte, and the last one fills the remaining bytes.
  private static Optional<byte[]> packed(List<Long> numbers) {
    long address = 0;
    for (int i = 0; i < numbers.size(); i++) {
      boolean last = i == numbers.size() - 1;
      int bits = last ? Byte.SIZE * (MAX_PARTS - i) : Byte.SIZE;
      if (numbers.get(i) >>> bits != 0) {
        return Optional.empty();
      }
      address = (address << bits) | numbers.get(i);
    }
    byte[] bytes = new byte[MAX_PARTS];
    for (int i = 0; i < MAX_PARTS; i++) {
      bytes[i] = (byte) (address >> (Byte.SIZE * (MAX_PARTS - 1 - i)));
    }
    return Optional.of(bytes);
  }
}
