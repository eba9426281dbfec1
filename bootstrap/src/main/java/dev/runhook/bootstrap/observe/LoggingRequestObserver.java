package dev.runhook.bootstrap.observe;

import dev.runhook.domain.account.TokenId;
import dev.runhook.http.server.RequestObserver;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/// Logs one event for each request: server errors as warnings, slow requests and sign-ins at INFO,
/// and all others at DEBUG, because there may be thousands per second. The events never contain
/// paths, queries, headers or bodies.
///
/// Requests that were refused (401, 403, 429 and 503) are logged at INFO with the address of the
/// client, at most 10 in a second, so that a flood of them does not fill the disk. A 503 is not a
/// warning, because a server sends it while it stops, is overloaded or has no database.
public record LoggingRequestObserver(RequestObserver next, RefusalSampler refusals)
    implements RequestObserver {
  private static final Logger LOG = LoggerFactory.getLogger("runhook.request");
  private static final Duration SLOW = Duration.ofSeconds(1);
  private static final int SERVER_ERROR = 500;
  private static final int SERVICE_UNAVAILABLE = 503;
  private static final String SIGN_IN = "/api/v1/session";
  private static final Set<Integer> REFUSED = Set.of(401, 403, 429, SERVICE_UNAVAILABLE);

  public LoggingRequestObserver(RequestObserver next) {
    this(next, new RefusalSampler());
  }

  /// Admits at most 10 events in a second. Thread-safe.
  static final class RefusalSampler {
    private static final int PER_SECOND = 10;
    private static final int COUNT_BITS = 4;
    private static final int COUNT_MASK = (1 << COUNT_BITS) - 1;

    /// The current second, and in its lowest bits the number of events in it.
    private final AtomicLong state = new AtomicLong();

    boolean admit(long second) {
      long begin = second << COUNT_BITS;
      long next =
          state.updateAndGet(before ->
              before >> COUNT_BITS == second
                  ? Math.min(before + 1, begin + COUNT_MASK)
                  : begin + 1);
      return (next & COUNT_MASK) <= PER_SECOND;
    }
  }

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
          .addKeyValue("client", request.clientAddress())
          .addKeyValue("token", request.tokenName().orElse(""))
          .addKeyValue("tokenId", request.tokenId().map(TokenId::toString).orElse(""))
          .log("request completed");
    }
  }

  private Level level(CompletedRequest request) {
    if (request.status() >= SERVER_ERROR && request.status() != SERVICE_UNAVAILABLE) {
      return Level.WARN;
    }
    boolean notable =
        request.duration().compareTo(SLOW) > 0
            || (request.method().equals("POST") && request.route().equals(SIGN_IN))
            || (REFUSED.contains(request.status())
                && refusals.admit(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime())));
    return notable ? Level.INFO : Level.DEBUG;
  }
}
