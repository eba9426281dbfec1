package dev.runhook.outbound.http;

import java.time.Duration;

/// What of the JDK's HTTP client can be set by system properties alone. It reads them when its
/// classes load, so they are set first; what the operator set on the command line stands.
public final class HttpClientProperties {
  private static final String KEEP_ALIVE = "jdk.httpclient.keepalive.timeout";
  private static final int KEEP_ALIVE_BY_DEFAULT = 30;

  private HttpClientProperties() {}

  public static void set() {
    // a second connect of its own would look the name up again, on a thread that the judged
    // addresses are not bound to
    setUnlessGiven("jdk.httpclient.disableRetryConnect", "true");
    // shorter than the 5 s after which common servers close an idle connection, so that we close
    // first
    setUnlessGiven(KEEP_ALIVE, "4");
    // else the credentials of an egress proxy are not told when a tunnel is asked for
    setUnlessGiven("jdk.http.auth.tunneling.disabledSchemes", "");
    setUnlessGiven("jdk.http.maxHeaderSize", "32768");
    setUnlessGiven("jdk.httpclient.maxNonFinalResponses", "8");
  }

  static Duration keepAliveTimeout() {
    return Duration.ofSeconds(Integer.getInteger(KEEP_ALIVE, KEEP_ALIVE_BY_DEFAULT));
  }

  private static void setUnlessGiven(String name, String value) {
    if (System.getProperty(name) == null) {
      System.setProperty(name, value);
    }
  }
}
