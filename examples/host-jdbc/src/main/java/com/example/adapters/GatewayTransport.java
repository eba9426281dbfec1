package com.example.adapters;

import dev.runhook.application.spi.delivery.Transport;
import dev.runhook.application.spi.delivery.Transport.SignedRequest;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.signing.Header;
import java.util.function.Supplier;

/// Sends requests through another transport, with a token for the company's gateway.
public record GatewayTransport(Transport next, Supplier<String> token) implements Transport {
  @Override
  public Outcome post(SignedRequest request) {
    return next.post(request.withHeader(new Header("X-Gateway-Token", token.get())));
  }
}
