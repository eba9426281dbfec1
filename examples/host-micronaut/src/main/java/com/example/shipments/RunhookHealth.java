package com.example.shipments;

import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.embedded.Runhook;
import io.micronaut.health.HealthStatus;
import io.micronaut.management.health.indicator.AbstractHealthIndicator;
import jakarta.inject.Singleton;
import java.time.Instant;

/// Reports down while Runhook's database cannot be reached.
@Singleton
final class RunhookHealth extends AbstractHealthIndicator<Instant> {
  private final Runhook runhook;

  RunhookHealth(Runhook runhook) {
    this.runhook = runhook;
  }

  @Override
  protected String getName() {
    return "runhook";
  }

  /// @throws dev.runhook.application.spi.StoreUnavailableException if it is down
  @Override
  protected Instant getHealthInformation() {
    healthStatus = HealthStatus.UP;
    return runhook.transactor().inTransaction(UnitOfWork::now);
  }
}
