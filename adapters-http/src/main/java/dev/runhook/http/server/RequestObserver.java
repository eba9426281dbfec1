package dev.runhook.http.server;

import dev.runhook.domain.account.Grant;
import dev.runhook.domain.account.TokenId;
import dev.runhook.http.api.RequestId;
import dev.runhook.http.security.Authenticator;
import io.javalin.http.Context;
import io.javalin.router.Endpoint;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Receives every completed request, for logs and metrics. Requests that Jetty rejects as malformed
/// are not included. Implementations must return quickly and never throw.
public interface RequestObserver {
  void onRequest(CompletedRequest request);

  /// A request and its result. Methods and routes come from a small fixed set regardless of what
  /// clients send, so that they can be metric labels.
  ///
  /// @param method a standard HTTP method, or `OTHER`
  /// @param route the template of the path, such as `/api/v1/stacks/{stack}`, or `none`
  /// @param id the value of `X-Request-Id`
  /// @param clientAddress the peer address of the connection, which may be that of a proxy
  /// @param tokenId the id of the caller's token, if the request was authenticated or is a sign-in
  /// @param tokenName the name of the same token
  record CompletedRequest(
      String method,
      String route,
      int status,
      Duration duration,
      String id,
      String clientAddress,
      Optional<TokenId> tokenId,
      Optional<String> tokenName) {
    private static final Set<String> METHODS =
        Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");
    private static final double NANOS_PER_MILLI = 1e6;

    static CompletedRequest of(Context context, float millis) {
      String method = context.method().name();
      @Nullable Endpoint endpoint = context.endpoints().lastHttpEndpoint();
      Optional<Grant> grant = Authenticator.findGrant(context);
      return new CompletedRequest(
          METHODS.contains(method) ? method : "OTHER",
          endpoint == null ? "none" : endpoint.path,
          context.statusCode(),
          Duration.ofNanos((long) (millis * NANOS_PER_MILLI)),
          RequestId.of(context),
          context.req().getRemoteAddr(),
          grant.map(Grant::token),
          grant.map(Grant::name));
    }
  }
}
