package dev.runhook.bootstrap.observe;

import dev.runhook.http.server.RequestObserver;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Measures requests by route, method and status; all three are words that we choose, so there are
/// never more series than the API has answers.
public final class RequestMetrics implements RequestObserver {
  private final MeterRegistry registry;
  private final Map<Kind, Timer> timers = new ConcurrentHashMap<>();

  public RequestMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  private record Kind(String method, String route, int status) {}

  @Override
  public void onRequest(CompletedRequest request) {
    timers
        .computeIfAbsent(new Kind(request.method(), request.route(), request.status()), this::timer)
        .record(request.duration());
  }

  private Timer timer(Kind kind) {
    return HistogramBuckets.forRequests(Timer.builder("runhook.http.request.duration"))
        .description("Requests that were answered")
        .tag("method", kind.method())
        .tag("route", kind.route())
        .tag("status", Integer.toString(kind.status()))
        .register(registry);
  }
}
