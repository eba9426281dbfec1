package dev.runhook.bootstrap;

import dev.runhook.http.RequestObserver;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/// One wide event for each request. Failures of ours are warnings and slow answers are told of; all
/// others only at DEBUG, for there may be thousands in a second and the metrics count them. Paths,
/// queries, headers and bodies are never in them.
record LoggingRequests(RequestObserver next) implements RequestObserver {
  private static final Logger LOG = LoggerFactory.getLogger("runhook.request");
  private static final Duration SLOW = Duration.ofSeconds(1);
  private static final int SERVER_ERROR = 500;

  @Override
  public void answered(AnsweredRequest request) {
    next.answered(request);
    Level level = level(request);
    if (LOG.isEnabledForLevel(level)) {
      LOG.atLevel(level)
          .addKeyValue("method", request.method())
          .addKeyValue("route", request.route())
          .addKeyValue("status", request.status())
          .addKeyValue("tookMs", request.took().toMillis())
          .addKeyValue("request", request.id())
          .addKeyValue("token", request.bearer().orElse(""))
          .log("answered");
    }
  }

  /// A server that drains or waits for its database says 503, and whoever watches it knows.
  private static Level level(AnsweredRequest request) {
    if (request.status() >= SERVER_ERROR && request.status() != 503) {
      return Level.WARN;
    }
    boolean unusual = request.status() >= SERVER_ERROR || request.took().compareTo(SLOW) > 0;
    return unusual ? Level.INFO : Level.DEBUG;
  }
}
