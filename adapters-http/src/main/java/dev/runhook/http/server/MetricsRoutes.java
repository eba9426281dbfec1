package dev.runhook.http.server;

import dev.runhook.http.api.ApiResponse;
import dev.runhook.http.api.Routes;

/// `/metrics`: for Prometheus. There are no names and ids of users in it, so it is for anybody.
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
