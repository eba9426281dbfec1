package dev.runhook.outbound.egress;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.runhook.outbound.SensitiveUrl;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.URLDecoder;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The HTTP proxy that all requests go through. Requests to `https` URLs use a tunnel (CONNECT), so
/// TLS is end to end; requests to `http` URLs are forwarded. Never prints its credentials.
public final class EgressProxy {
  private static final int MAX_PORT = 65_535;

  private final String host;
  private final int port;
  private final @Nullable String credentials;

  private EgressProxy(String host, int port, @Nullable String credentials) {
    this.host = host;
    this.port = port;
    this.credentials = credentials;
  }

  /// Parses `http://host:port` or `http://user:password@host:port`.
  ///
  /// @throws IllegalArgumentException if the URL is invalid; the message does not quote it
  public static EgressProxy parse(String url) {
    URI uri = SensitiveUrl.parse(url);
    boolean valid =
        "http".equalsIgnoreCase(uri.getScheme())
            && uri.getHost() != null
            && uri.getPort() > 0
            && uri.getPort() <= MAX_PORT
            && (uri.getRawPath().isEmpty() || uri.getRawPath().equals("/"))
            && uri.getRawQuery() == null
            && uri.getRawFragment() == null;
    if (!valid) {
      throw new IllegalArgumentException(
          "must be http://host:port or http://user:password@host:port");
    }
    return new EgressProxy(uri.getHost(), uri.getPort(), credentials(uri.getRawUserInfo()));
  }

  private static @Nullable String credentials(@Nullable String userInfo) {
    if (userInfo == null) {
      return null;
    }
    String decoded = URLDecoder.decode(userInfo.replace("+", "%2B"), UTF_8);
    return userInfo.contains(":") ? decoded : decoded + ":";
  }

  /// Returns the host, which Runhook must be able to reach although webhooks may not use it.
  public String host() {
    return host;
  }

  /// Returns the value of `Proxy-Authorization`, if the proxy has credentials.
  public Optional<String> authorization() {
    return Optional.ofNullable(credentials)
        .map(text -> "Basic " + Base64.getEncoder().encodeToString(text.getBytes(UTF_8)));
  }

  /// Returns a selector for the JDK's HTTP client, which looks up the host for each connection.
  public ProxySelector proxySelector() {
    String address = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    return ProxySelector.of(InetSocketAddress.createUnresolved(address, port));
  }

  /// Returns the URL without the credentials.
  @Override
  public String toString() {
    return "http://" + host + ":" + port;
  }
}
