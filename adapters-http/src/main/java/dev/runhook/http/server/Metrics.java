package dev.runhook.http.server;

/// The source of `/metrics`.
public interface Metrics {
  /// Returns the current measurements in the Prometheus text format, version 0.0.4. Must return
  /// quickly even if the database is unreachable.
  String scrape();
}
