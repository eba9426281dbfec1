package dev.runhook.http.server;

import dev.runhook.http.api.ApiResponse;
import dev.runhook.http.api.Routes;

/// Serves `/metrics` for Prometheus. The route is public, because metrics contain no names or ids
/// of users.
final class MetricsRoutes {
  static final String PATH = "/metrics";
  private static final String MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private final Metrics metrics;

  MetricsRoutes(Metrics metrics) {
    this.metrics = metrics;
  }

  void mount(Routes routes) {
    routes.raw(
        PATH,
        () -> ApiResponse.ofContent(200, new ApiResponse.Content(MEDIA_TYPE, metrics.scrape())));
  }
}
