package dev.runhook.bootstrap.setting;

/// The work that a process does.
public enum ServerRole {
  ALL,
  /// Serves the API and sends no deliveries.
  API,
  /// Sends deliveries and serves only health and metrics.
  WORKER;

  public boolean servesApi() {
    return this != WORKER;
  }

  public boolean sendsDeliveries() {
    return this != API;
  }
}
