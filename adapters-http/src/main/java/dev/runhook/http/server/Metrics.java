package dev.runhook.http.server;

/// What `/metrics` shows.
public interface Metrics {
  /// All measurements now, in the text format of Prometheus, version 0.0.4. Must return quickly,
  /// whether the store can be reached or not.
  String scrape();
}
