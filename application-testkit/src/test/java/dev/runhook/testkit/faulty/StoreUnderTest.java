package dev.runhook.testkit.faulty;

import dev.runhook.application.spi.Transactor;

/// Where the transactions of a suspected store come from.
abstract class StoreUnderTest {
  public Transactor transactor() {
    return AdapterTests.adapter(Transactor.class);
  }
}
