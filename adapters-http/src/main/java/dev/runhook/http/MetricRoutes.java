package dev.runhook.http;

/// `/metrics`: for Prometheus. There are no names and ids of users in it, so it is for anybody.
final class MetricRoutes {
  static final String PATH = "/metrics";
  private static final String MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private final Metrics metrics;

  MetricRoutes(Metrics metrics) {
    this.metrics = metrics;
  }

  void mount(Routes routes) {
    routes.document(
        PATH, () -> Answer.showing(200, new Answer.Content(MEDIA_TYPE, metrics.text())));
  }
}
