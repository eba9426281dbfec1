package dev.runhook.outbound.http;

import dev.runhook.application.spi.delivery.PayloadRenderer;
import dev.runhook.application.spi.delivery.Transport;
import dev.runhook.outbound.payload.JsonPayloadRenderer;
import dev.runhook.testkit.contract.transport.HttpTransportContract;
import dev.runhook.testkit.contract.transport.PayloadRendererContract;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;

/// Runs the contracts of the ports that this module implements.
class OutboundContractsTest {
  @Nested
  class OfTransport implements HttpTransportContract {
    private final HttpTransport transport =
        new HttpTransport(TransportSettings.of(TransportFixture.LOOPBACK), TransportFixture.CLOCK);

    @Override
    public Transport transport() {
      return transport;
    }

    @AfterEach
    void close() {
      transport.close();
    }
  }

  @Nested
  class OfRenderer implements PayloadRendererContract {
    @Override
    public PayloadRenderer renderer() {
      return new JsonPayloadRenderer();
    }
  }
}
