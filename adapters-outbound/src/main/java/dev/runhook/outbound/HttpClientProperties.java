package dev.runhook.outbound;

import java.time.Duration;
import java.util.List;
import java.util.Properties;

/// Sets options of the JDK's HTTP client that exist only as system properties. The client reads
/// them when its classes load. Values that are already set stay as they are.
public final class HttpClientProperties {
  private static final String KEEP_ALIVE_TIMEOUT = "jdk.httpclient.keepalive.timeout";
  private static final int DEFAULT_KEEP_ALIVE_SECONDS = 30;
  private static final String HOST = "host";

  private HttpClientProperties() {}

  /// Sets the properties. Call this before the first HTTP client is created.
  public static void set() {
    Properties properties = System.getProperties();
    // a request goes to a pinned name, but its Host header names the receiver
    properties.merge(
        "jdk.httpclient.allowRestrictedHeaders",
        HOST,
        (names, host) ->
            List.of(names.toString().split(",")).contains(HOST) ? names : names + "," + host);
    // deliveries have their own retry schedule
    properties.putIfAbsent("jdk.httpclient.disableRetryConnect", "true");
    // common servers close an idle connection after 5 s; the client must close it earlier
    properties.putIfAbsent(KEEP_ALIVE_TIMEOUT, "4");
    // otherwise the client does not send the credentials of a proxy when it opens a tunnel
    properties.putIfAbsent("jdk.http.auth.tunneling.disabledSchemes", "");
    properties.putIfAbsent("jdk.http.maxHeaderSize", "32768");
    properties.putIfAbsent("jdk.httpclient.maxNonFinalResponses", "8");
  }

  public static Duration keepAliveTimeout() {
    return Duration.ofSeconds(Integer.getInteger(KEEP_ALIVE_TIMEOUT, DEFAULT_KEEP_ALIVE_SECONDS));
  }
}
