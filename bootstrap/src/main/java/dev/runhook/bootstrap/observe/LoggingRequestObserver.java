package dev.runhook.bootstrap.observe;

import dev.runhook.http.server.RequestObserver;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/// Logs one event for each request: server errors as warnings, slow requests and 503 responses at
/// INFO, and all others at DEBUG, because there may be thousands per second. The events never
/// contain paths, queries, headers or bodies.
public record LoggingRequestObserver(RequestObserver next) implements RequestObserver {
  private static final Logger LOG = LoggerFactory.getLogger("runhook.request");
  private static final Duration SLOW = Duration.ofSeconds(1);
  private static final int SERVER_ERROR = 500;
  private static final int SERVICE_UNAVAILABLE = 503;

  @Override
  public void onRequest(CompletedRequest request) {
    next.onRequest(request);
    Level level = level(request);
    if (LOG.isEnabledForLevel(level)) {
      LOG.atLevel(level)
          .addKeyValue("method", request.method())
          .addKeyValue("route", request.route())
          .addKeyValue("status", request.status())
          .addKeyValue("durationMs", request.duration().toMillis())
          .addKeyValue("requestId", request.id())
          .addKeyValue("token", request.tokenName().orElse(""))
          .log("request completed");
    }
  }

  /// A 503 is not a warning, because a server sends it while it stops or has no database.
  private static Level level(CompletedRequest request) {
    if (request.status() >= SERVER_ERROR && request.status() != SERVICE_UNAVAILABLE) {
      return Level.WARN;
    }
    boolean notable = request.status() >= SERVER_ERROR || request.duration().compareTo(SLOW) > 0;
    return notable ? Level.INFO : Level.DEBUG;
  }
}
