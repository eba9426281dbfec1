package dev.runhook.http.server;

import java.time.Duration;
import java.util.Optional;

/// Receives every completed request, for logs and metrics. Requests that Jetty rejects as malformed
/// are not included. Implementations must return quickly and never throw.
public interface RequestObserver {
  void onRequest(CompletedRequest request);

  /// A request and its result.
  ///
  /// @param method a standard HTTP method, or `OTHER`
  /// @param route the template of the path, such as `/api/v1/stacks/{stack}`, or `none`
  /// @param id the value of `X-Request-Id`
  /// @param tokenName the name of the caller's token, if the request was authenticated
  record CompletedRequest(
      String method,
      String route,
      int status,
      Duration duration,
      String id,
      Optional<String> tokenName) {}
}
