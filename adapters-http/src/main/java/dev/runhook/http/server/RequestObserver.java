package dev.runhook.http.server;

import java.time.Duration;
import java.util.Optional;

/// Is told of every request that was answered, for logs and metrics; those that are so malformed
/// that the server turns them away are not among them. Must return quickly and never throw.
public interface RequestObserver {
  void onRequest(CompletedRequest request);

  /// A request with what came of it.
  ///
  /// @param method one of those that HTTP has, or `OTHER`
  /// @param route the template of its path, such as `/api/v1/stacks/{stack}`; `none` where there is
  ///   no route
  /// @param id what `X-Request-Id` said of it, in the answer too
  /// @param bearer the name of the token that it was made with, if that is one of ours
  record CompletedRequest(
      String method,
      String route,
      int status,
      Duration duration,
      String id,
      Optional<String> tokenName) {}
}
