package dev.runhook.outbound.egress;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;

/// Host names that contain the only address that they resolve to.
///
/// The JDK's HTTP client connects to a name, not to an address, and looks the name up in a cache
/// that any code in the JVM can fill. The address that was checked may not be the one in that
/// cache. Therefore a request is sent to a pinned name instead, such as
/// `xc6290a0c.hooks.example.com.<random>.pinned.invalid`. [JvmResolver] resolves it to the address
/// in its first label, so a cache can hold no other. The random part is new in each process: no
/// other code can use a pinned name to reach an address.
///
/// The resolved address carries the original name, which the client uses for TLS: for the name
/// check, SNI and the reuse of connections and sessions. The `Host` header must be set explicitly.
final class PinnedHost {
  private static final String SUFFIX =
      "." + new BigInteger(128, new SecureRandom()).toString(16) + ".pinned.invalid";

  private PinnedHost() {}

  /// Returns the URI with a pinned name instead of its host.
  static URI pin(URI uri, InetAddress address) {
    String label = "x" + HexFormat.of().formatHex(address.getAddress());
    String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
    String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    String pinned = label + "." + uri.getHost() + SUFFIX;
    return URI.create(uri.getScheme() + "://" + pinned + port + uri.getRawPath() + query);
  }

  /// Returns the address in a pinned name, with the original name. Empty for any other name.
  static List<InetAddress> findAddress(String name) throws UnknownHostException {
    if (!name.endsWith(SUFFIX)) {
      return List.of();
    }
    int dot = name.indexOf('.');
    String host = name.substring(dot + 1, name.length() - SUFFIX.length());
    return List.of(InetAddress.getByAddress(host, HexFormat.of().parseHex(name, 1, dot)));
  }
}
