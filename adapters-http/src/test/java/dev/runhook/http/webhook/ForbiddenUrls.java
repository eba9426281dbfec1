package dev.runhook.http.webhook;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// URLs that must not be called, in all known spellings that bypass simple checks.
final class ForbiddenUrls {
  /// The first and last address of every denied IPv4 range.
  private static final List<String> IPV4 =
      List.of(
          "0.0.0.0-0.255.255.255/8",
          "10.0.0.0-10.255.255.255/8",
          "100.64.0.0-100.127.255.255/10",
          "127.0.0.0-127.255.255.255/8",
          "127.0.0.1-127.0.1.1/8",
          "169.254.0.0-169.254.255.255/16",
          "169.254.169.254-169.254.170.2/16",
          "172.16.0.0-172.31.255.255/12",
          "192.0.0.0-192.0.0.255/24",
          "192.0.2.0-192.0.2.255/24",
          "192.31.196.0-192.31.196.255/24",
          "192.52.193.0-192.52.193.255/24",
          "192.88.99.0-192.88.99.255/24",
          "192.168.0.0-192.168.255.255/16",
          "192.175.48.0-192.175.48.255/24",
          "198.18.0.0-198.19.255.255/15",
          "198.51.100.0-198.51.100.255/24",
          "203.0.113.0-203.0.113.255/24",
          "224.0.0.0-239.255.255.255/4",
          "240.0.0.0-255.255.255.255/4",
          "168.63.129.16-168.63.129.16/32");

  /// The first and last addresses of denied IPv6 ranges, and addresses outside 2000::/3.
  private static final List<String> IPV6 =
      List.of(
          "0:0:0:0:0:0:0:0",
          "0:0:0:0:0:0:0:1",
          "64:ff9b:0:0:0:0:0:1",
          "64:ff9b:1:0:0:0:0:1",
          "100:0:0:0:0:0:0:1",
          "1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
          "2001:0:0:0:0:0:0:0",
          "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff",
          "2001:db8:0:0:0:0:0:0",
          "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff",
          "2002:0:0:0:0:0:0:0",
          "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
          "2620:4f:8000:0:0:0:0:0",
          "2620:4f:8000:ffff:ffff:ffff:ffff:ffff",
          "3fff:0:0:0:0:0:0:0",
          "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff",
          "4000:0:0:0:0:0:0:0",
          "5f00:0:0:0:0:0:0:1",
          "fc00:0:0:0:0:0:0:0",
          "fd00:ec2:0:0:0:0:0:254",
          "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
          "fe80:0:0:0:0:0:0:1",
          "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
          "fec0:0:0:0:0:0:0:1",
          "ff00:0:0:0:0:0:0:0",
          "ff02:0:0:0:0:0:0:1",
          "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");

  private static final List<String> NAMES =
      List.of(
          "localhost",
          "LocalHost",
          "x.localhost",
          "printer.local",
          "x.localdomain",
          "db.internal",
          "metadata.google.internal",
          "wiki.intranet",
          "nas.lan",
          "nas.home.arpa",
          "home.arpa",
          "abc.onion",
          "x.invalid",
          "kubernetes",
          "metadata");

  private ForbiddenUrls() {}

  /// One URL.
  ///
  /// @param forbidden whether it is forbidden by a rule, and not malformed
  /// @param rule part of the name of the rule
  record ForbiddenUrl(String url, boolean forbidden, String rule) {
    private static ForbiddenUrl forbidden(String host, String rule) {
      return new ForbiddenUrl("http://" + host + "/x", true, rule);
    }

    private static ForbiddenUrl malformed(String authority) {
      return new ForbiddenUrl("http://" + authority + "/x", false, "");
    }
  }

  static List<ForbiddenUrl> all() {
    return Stream.of(
            IPV4.stream().flatMap(ForbiddenUrls::ofRange),
            IPV6.stream().flatMap(ForbiddenUrls::ofIpv6),
            NAMES.stream().flatMap(ForbiddenUrls::ofName))
        .flatMap(part -> part)
        .toList();
  }

  private static Stream<ForbiddenUrl> ofRange(String range) {
    String[] parts = range.split("[-/]", 3);
    String rule = "/" + parts[2] + ")";
    return Stream.of(parts[0], parts[1]).flatMap(address -> ofIpv4(address, rule));
  }

  private static Stream<ForbiddenUrl> ofIpv4(String dotted, String rule) {
    String[] text = dotted.split("\\.", -1);
    int a = Integer.parseInt(text[0]);
    int b = Integer.parseInt(text[1]);
    int c = Integer.parseInt(text[2]);
    int d = Integer.parseInt(text[3]);
    long whole = (((long) a << 24) | (b << 16) | (c << 8) | d) & 0xffffffffL;
    String hex = "%x:%x".formatted((a << 8) | b, (c << 8) | d);
    return Stream.of(
            Stream.of(
                    dotted,
                    dotted + ":80",
                    dotted + ":8080",
                    dotted + ":65535",
                    "[::ffff:" + dotted + "]",
                    "[::FFFF:" + hex + "]",
                    "[0:0:0:0:0:ffff:" + hex + "]:8443")
                .map(host -> ForbiddenUrl.forbidden(host, rule)),
            Stream.of(
                    "[::" + dotted + "]",
                    "[::" + hex + "]",
                    "[::ffff:0:" + dotted + "]",
                    "[64:ff9b::" + dotted + "]",
                    "[64:ff9b::" + hex + "]:443",
                    "[64:ff9b:1::" + hex + "]",
                    "[2002:" + hex + "::1]",
                    "[2001:0:4136:e378:8000:63bf:" + inverted(hex) + "]",
                    "[fe80::5efe:" + dotted + "]")
                .map(host -> ForbiddenUrl.forbidden(host, "::/")),
            Stream.of(
                    Long.toString(whole),
                    "0x%x".formatted(whole),
                    "0X%X".formatted(whole),
                    "0%o".formatted(whole),
                    "0%o.0%o.0%o.0%o".formatted(a, b, c, d),
                    "0x%x.0x%x.0x%x.0x%x".formatted(a, b, c, d),
                    "0x%x.%d.%d.%d".formatted(a, b, c, d),
                    "%d.%d.%d.0x%x".formatted(a, b, c, d),
                    "%d.%d".formatted(a, whole & 0xffffff),
                    "%d.%d.%d".formatted(a, b, whole & 0xffff),
                    "%04d.%04d.%04d.%04d".formatted(a, b, c, d),
                    dotted + ".",
                    dotted + ".:80",
                    dotted + ":",
                    dotted + ":0",
                    dotted + ":65536",
                    dotted + ":+80",
                    "user@" + dotted,
                    "user:pw@" + dotted + ":80",
                    "example.com@" + dotted,
                    "example.com:80@" + dotted,
                    "@" + dotted,
                    "example.com\\@" + dotted,
                    "[" + dotted + "]")
                .map(host -> ForbiddenUrl.forbidden(host, rule)),
            Stream.of(
                    dotted + "%00",
                    "%" + Integer.toHexString('0' + a / 100) + dotted,
                    "example.com%40" + dotted)
                .map(ForbiddenUrl::malformed))
        .flatMap(part -> part);
  }

  /// Teredo inverts the bits of the client's address.
  private static String inverted(String hex) {
    String[] groups = hex.split(":", -1);
    return "%x:%x"
        .formatted(
            ~Integer.parseInt(groups[0], 16) & 0xffff, ~Integer.parseInt(groups[1], 16) & 0xffff);
  }

  private static Stream<ForbiddenUrl> ofIpv6(String address) {
    return Stream.concat(
        Stream.of(
                "[" + address + "]",
                "[" + address.toUpperCase(Locale.ROOT) + "]",
                "[" + address + "]:80",
                "[" + address + "]:8443",
                "[" + address + "%25eth0]",
                "[" + address + "%eth0]",
                "[" + address + "].",
                "user@[" + address + "]",
                "[" + address + "]:0")
            .map(host -> ForbiddenUrl.forbidden(host, "/")),
        Stream.of("[" + address, address, "[" + address + ":0]").map(ForbiddenUrl::malformed));
  }

  private static Stream<ForbiddenUrl> ofName(String name) {
    return Stream.of(
            name, name + ":8080", name + ".", "user@" + name, name + ":", "example.com@" + name)
        .map(host -> ForbiddenUrl.forbidden(host, "name "));
  }
}
