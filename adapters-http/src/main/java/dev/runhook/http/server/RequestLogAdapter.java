package dev.runhook.http.server;

import dev.runhook.domain.account.Grant;
import dev.runhook.http.api.RequestId;
import dev.runhook.http.security.Authenticator;
import io.javalin.http.Context;
import io.javalin.http.RequestLogger;
import io.javalin.router.Endpoint;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Passes completed requests to an observer. Methods and routes come from a small fixed set
/// regardless of what clients send, so that they can be metric labels.
final class RequestLogAdapter implements RequestLogger {
  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");
  private static final double NANOS_PER_MILLI = 1e6;

  private final RequestObserver observer;

  RequestLogAdapter(RequestObserver observer) {
    this.observer = observer;
  }

  @Override
  public void handle(Context context, Float millis) {
    observer.onRequest(
        new RequestObserver.CompletedRequest(
            method(context),
            route(context),
            context.statusCode(),
            Duration.ofNanos((long) (millis * NANOS_PER_MILLI)),
            RequestId.of(context),
            Authenticator.findGrant(context).map(Grant::name)));
  }

  private static String method(Context context) {
    String method = context.method().name();
    return METHODS.contains(method) ? method : "OTHER";
  }

  private static String route(Context context) {
    @Nullable Endpoint endpoint = context.endpoints().lastHttpEndpoint();
    return endpoint == null ? "none" : endpoint.path;
  }
}
