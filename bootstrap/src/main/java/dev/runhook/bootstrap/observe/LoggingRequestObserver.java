package dev.runhook.bootstrap.observe;

import dev.runhook.http.server.RequestObserver;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/// One wide event for each request. Failures of ours are warnings and slow answers are told of; all
/// others only at DEBUG, for there may be thousands in a second and the metrics count them. Paths,
/// queries, headers and bodies are never in them.
public record LoggingRequestObserver(RequestObserver next) implements RequestObserver {
  private static final Logger LOG = LoggerFactory.getLogger("runhook.request");
  private static final Duration SLOW = Duration.ofSeconds(1);
  private static final int SERVER_ERROR = 500;

  @Override
  public void onRequest(CompletedRequest request) {
    next.onRequest(request);
    Level level = level(request);
    if (LOG.isEnabledForLevel(level)) {
      LOG.atLevel(level)
          .addKeyValue("method", request.method())
          .addKeyValue("route", request.route())
          .addKeyValue("status", request.status())
          .addKeyValue("tookMs", request.duration().toMillis())
          .addKeyValue("request", request.id())
          .addKeyValue("token", request.tokenName().orElse(""))
          .log("answered");
    }
  }

  /// A server that drains or waits for its database says 503, and whoever watches it knows.
  private static Level level(CompletedRequest request) {
    if (request.status() >= SERVER_ERROR && request.status() != 503) {
      return Level.WARN;
    }
    boolean unusual = request.status() >= SERVER_ERROR || request.duration().compareTo(SLOW) > 0;
    return unusual ? Level.INFO : Level.DEBUG;
  }
}
