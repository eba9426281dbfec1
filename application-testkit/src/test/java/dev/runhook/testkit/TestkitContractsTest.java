package dev.runhook.testkit;

import dev.runhook.application.spi.IdGenerator;
import dev.runhook.application.spi.delivery.PayloadRenderer;
import dev.runhook.testkit.contract.IdGeneratorContract;
import dev.runhook.testkit.contract.transport.PayloadRendererContract;
import org.junit.jupiter.api.Nested;

/// Runs the contracts for the adapters of the test kit that are not stores.
class TestkitContractsTest {
  @Nested
  class Ids implements IdGeneratorContract {
    @Override
    public IdGenerator ids() {
      return new SequentialIdGenerator(SettableClock.atNoon());
    }
  }

  @Nested
  class Renderer implements PayloadRendererContract {
    @Override
    public PayloadRenderer renderer() {
      return new PlainPayloadRenderer();
    }
  }
}
