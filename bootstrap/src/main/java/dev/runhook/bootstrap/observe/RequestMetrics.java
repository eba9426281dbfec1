package dev.runhook.bootstrap.observe;

import dev.runhook.embedded.DispatchMetrics;
import dev.runhook.http.server.RequestObserver;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Measures requests by route, method and status. Runhook chooses all three values, which bounds
/// the number of time series.
public final class RequestMetrics implements RequestObserver {
  private final MeterRegistry registry;
  private final Map<Labels, Timer> timers = new ConcurrentHashMap<>();

  public RequestMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  private record Labels(String method, String route, int status) {}

  @Override
  public void onRequest(CompletedRequest request) {
    timers
        .computeIfAbsent(
            new Labels(request.method(), request.route(), request.status()), this::timer)
        .record(request.duration());
  }

  private Timer timer(Labels labels) {
    return DispatchMetrics.histogram(
            "runhook.http.request.duration", 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5)
        .description("Duration of HTTP requests")
        .tag("method", labels.method())
        .tag("route", labels.route())
        .tag("status", Integer.toString(labels.status()))
        .register(registry);
  }
}
