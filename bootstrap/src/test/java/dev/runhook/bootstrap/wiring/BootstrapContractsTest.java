package dev.runhook.bootstrap.wiring;

import dev.runhook.application.spi.delivery.DispatchObserver;
import dev.runhook.bootstrap.observe.LoggingDispatchObserver;
import dev.runhook.testkit.contract.transport.DispatchObserverContract;
import org.junit.jupiter.api.Nested;

/// Runs the contracts of the ports that this module implements.
class BootstrapContractsTest {
  @Nested
  class OfLogging implements DispatchObserverContract {
    @Override
    public DispatchObserver observer() {
      return new LoggingDispatchObserver();
    }
  }
}
