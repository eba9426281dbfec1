package com.example.adapters;

import dev.runhook.application.spi.delivery.Transport;
import dev.runhook.domain.egress.EgressPolicy;
import dev.runhook.domain.egress.Network;
import dev.runhook.outbound.http.HttpTransport;
import dev.runhook.outbound.http.TransportSettings;
import dev.runhook.testkit.contract.transport.HttpTransportContract;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterAll;

class GatewayTransportTest implements HttpTransportContract {
  private static final EgressPolicy LOOPBACK =
      new EgressPolicy(List.of(Network.parse("127.0.0.0/8")));
  private static final HttpTransport HTTP =
      new HttpTransport(TransportSettings.of(LOOPBACK), InstantSource.system());

  @Override
  public Transport transport() {
    return new GatewayTransport(HTTP, () -> "a token");
  }

  @AfterAll
  static void close() {
    HTTP.close();
  }
}
