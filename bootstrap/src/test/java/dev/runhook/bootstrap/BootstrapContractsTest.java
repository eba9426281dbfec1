package dev.runhook.bootstrap;

import dev.runhook.application.spi.DispatchObserver;
import dev.runhook.application.spi.IdSource;
import dev.runhook.testkit.contract.DispatchObserverContract;
import dev.runhook.testkit.contract.IdSourceContract;
import org.junit.jupiter.api.Nested;

/// The promises of the ports that the composition implements itself.
class BootstrapContractsTest {
  @Nested
  class OfIds implements IdSourceContract {
    @Override
    public IdSource ids() {
      return new Ids();
    }
  }

  @Nested
  class OfLogging implements DispatchObserverContract {
    @Override
    public DispatchObserver observer() {
      return new LoggingObserver();
    }
  }
}
