package dev.runhook.outbound;

import dev.runhook.application.spi.PayloadRenderer;
import dev.runhook.application.spi.Transport;
import dev.runhook.testkit.contract.PayloadRendererContract;
import dev.runhook.testkit.contract.TransportContract;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;

/// The promises of the ports that this module implements.
class OutboundContractsTest {
  @Nested
  class OfTransport implements TransportContract {
    private final HttpTransport transport =
        new HttpTransport(TransportSettings.of(Sender.LOOPBACK), Sender.CLOCK);

    @Override
    public Transport transport() {
      return transport;
    }

    @AfterEach
    void end() {
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
