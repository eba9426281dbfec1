package dev.runhook.bootstrap.trace;

import dev.runhook.outbound.SensitiveUrl;
import java.net.URI;

/// The URL of an OpenTelemetry collector that accepts OTLP over HTTP.
///
/// @param base such as `http://collector:4318`
public record OtlpEndpoint(URI base) {
  private static final String TRACES_PATH = "/v1/traces";
  private static final int MAX_PORT = 65_535;

  /// Parses an `http` or `https` URL with an optional port and path.
  ///
  /// @throws IllegalArgumentException if the URL is invalid; the message does not quote it
  public static OtlpEndpoint parse(String url) {
    URI uri = SensitiveUrl.parse(url);
    boolean valid =
        ("http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme()))
            && uri.getHost() != null
            && (uri.getPort() == -1 || (uri.getPort() > 0 && uri.getPort() <= MAX_PORT))
            && uri.getRawUserInfo() == null
            && uri.getRawQuery() == null
            && uri.getRawFragment() == null;
    if (!valid) {
      throw new IllegalArgumentException(
          "must be http://host:port or https://host:port, without user and password");
    }
    return new OtlpEndpoint(uri);
  }

  /// Returns the host, which Runhook must be able to reach although webhooks may not use it.
  public String host() {
    return base.getHost();
  }

  /// Returns the URL that spans are posted to.
  URI tracesUri() {
    String url = base.toString().replaceFirst("/+$", "");
    return URI.create(url.endsWith(TRACES_PATH) ? url : url + TRACES_PATH);
  }

  @Override
  public String toString() {
    return base.toString();
  }
}
