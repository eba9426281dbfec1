package dev.runhook.outbound.trace;

import java.net.URI;
import java.net.URISyntaxException;

/// Where spans go: a collector that speaks OTLP over HTTP.
///
/// @param base such as `http://collector:4318`
public record OtlpEndpoint(URI base) {
  private static final String TRACES = "/v1/traces";

  /// Reads `http://host:port` or `https://host:port`, with a path where a proxy wants one; what is
  /// wrong is an [IllegalArgumentException] that does not quote it.
  public static OtlpEndpoint parse(String url) {
    URI uri = uri(url);
    boolean fits =
        ("http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme()))
            && uri.getHost() != null
            && (uri.getPort() == -1 || (uri.getPort() > 0 && uri.getPort() <= 65_535))
            && uri.getRawUserInfo() == null
            && uri.getRawQuery() == null
            && uri.getRawFragment() == null;
    if (!fits) {
      throw new IllegalArgumentException(
          "must be http://host:port or https://host:port, without user and password");
    }
    return new OtlpEndpoint(uri);
  }

  private static URI uri(String url) {
    try {
      return new URI(url);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("is no URL: " + e.getReason());
    }
  }

  /// The host, which must be reached although webhooks may not name it.
  public String host() {
    return base.getHost();
  }

  /// Where to post them.
  URI tracesUri() {
    String given = base.toString().replaceFirst("/+$", "");
    return URI.create(given.endsWith(TRACES) ? given : given + TRACES);
  }

  @Override
  public String toString() {
    return base.toString();
  }
}
