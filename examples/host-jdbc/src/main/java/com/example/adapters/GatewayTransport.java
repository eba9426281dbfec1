package com.example.adapters;

import dev.runhook.application.spi.delivery.Transport;
import dev.runhook.application.spi.delivery.Transport.SignedRequest;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.signing.Header;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// Sends requests through another transport, with a token for the company's gateway.
public record GatewayTransport(Transport next, Supplier<String> token) implements Transport {
  @Override
  public Outcome post(SignedRequest request) {
    List<Header> headers = new ArrayList<>(request.headers());
    headers.add(new Header("X-Gateway-Token", token.get()));
    return next.post(
        new SignedRequest(
            request.account(), request.endpoint(), headers, request.payload(), request.timeout()));
  }
}
