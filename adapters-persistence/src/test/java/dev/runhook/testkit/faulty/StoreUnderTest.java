package dev.runhook.testkit.faulty;

import dev.runhook.application.spi.Transactor;

/// Provides the transactor of the store under test.
abstract class StoreUnderTest {
  public Transactor transactor() {
    return AdapterTests.adapter(Transactor.class);
  }
}
