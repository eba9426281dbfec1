package dev.runhook.bootstrap.wiring;

import dev.runhook.application.spi.delivery.DispatchObserver;
import dev.runhook.bootstrap.observe.LoggingDispatchObserver;
import dev.runhook.bootstrap.trace.OtlpEndpoint;
import dev.runhook.bootstrap.trace.OtlpSpanExporter;
import dev.runhook.testkit.contract.transport.DispatchObserverContract;
import org.junit.jupiter.api.AfterEach;
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

  @Nested
  class OfSpans implements DispatchObserverContract {
    private final OtlpSpanExporter exporter =
        new OtlpSpanExporter(OtlpEndpoint.parse("http://127.0.0.1:4318"), "1.2.3");

    @Override
    public DispatchObserver observer() {
      return exporter;
    }

    @AfterEach
    void close() {
      exporter.close();
    }
  }
}
