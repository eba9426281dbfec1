package dev.runhook.outbound.egress;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// An operator's HTTP proxy that all requests leave by: `https` through a tunnel (CONNECT), so that
/// TLS is the receiver's to the end; `http` as proxies have it. Hides its credentials.
public final class EgressProxy {
  private final String host;
  private final int port;
  private final @Nullable String credentials;

  private EgressProxy(String host, int port, @Nullable String credentials) {
    this.host = host;
    this.port = port;
    this.credentials = credentials;
  }

  /// Reads `http://host:port` or `http://user:password@host:port`; what is wrong is an
  /// [IllegalArgumentException] that does not quote it.
  public static EgressProxy parse(String url) {
    URI uri = uri(url);
    boolean plain =
        "http".equalsIgnoreCase(uri.getScheme())
            && uri.getHost() != null
            && uri.getPort() > 0
            && uri.getPort() <= 65_535
            && (uri.getRawPath().isEmpty() || uri.getRawPath().equals("/"))
            && uri.getRawQuery() == null
            && uri.getRawFragment() == null;
    if (!plain) {
      throw new IllegalArgumentException(
          "must be http://host:port or http://user:password@host:port");
    }
    return new EgressProxy(uri.getHost(), uri.getPort(), credentials(uri.getRawUserInfo()));
  }

  private static URI uri(String url) {
    try {
      return new URI(url);
    } catch (URISyntaxException e) { // its message quotes the URL, which may hold a password
      throw new IllegalArgumentException(
          "is no URL: " + e.getReason() + "; percent-encode what is special in it");
    }
  }

  private static @Nullable String credentials(@Nullable String userInfo) {
    if (userInfo == null) {
      return null;
    }
    String decoded = URLDecoder.decode(userInfo.replace("+", "%2B"), UTF_8);
    return userInfo.contains(":") ? decoded : decoded + ":";
  }

  /// The host, which must be reached although webhooks may not name it.
  public String host() {
    return host;
  }

  /// What `Proxy-Authorization` says.
  public Optional<String> authorization() {
    return Optional.ofNullable(credentials)
        .map(text -> "Basic " + Base64.getEncoder().encodeToString(text.getBytes(UTF_8)));
  }

  /// For the JDK's client; it looks the host up whenever it connects.
  public ProxySelector proxySelector() {
    Proxy proxy = new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved(bare(), port));
    return new ProxySelector() {
      @Override
      public List<Proxy> select(URI uri) {
        return List.of(proxy);
      }

      @Override
      public void connectFailed(URI uri, SocketAddress address, IOException failure) {
        // the failure is that of the request
      }
    };
  }

  private String bare() {
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  /// Without the credentials.
  @Override
  public String toString() {
    return "http://" + host + ":" + port;
  }
}
