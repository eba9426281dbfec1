package com.example.releases;

import dev.runhook.application.spi.StoreUnavailableException;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.embedded.Runhook;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/// Reports down while Runhook's database cannot be reached.
@Readiness
@Singleton
public class RunhookHealth implements HealthCheck {
  private final Runhook runhook;

  RunhookHealth(Runhook runhook) {
    this.runhook = runhook;
  }

  @Override
  public HealthCheckResponse call() {
    try {
      runhook.transactor().inTransaction(UnitOfWork::now);
      return HealthCheckResponse.up("runhook");
    } catch (StoreUnavailableException ignored) {
      return HealthCheckResponse.down("runhook");
    }
  }
}
