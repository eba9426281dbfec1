package dev.runhook.outbound;

import dev.runhook.application.spi.SignedRequest;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.egress.EgressPolicy;
import dev.runhook.domain.egress.Network;
import dev.runhook.domain.event.Payload;
import dev.runhook.domain.signing.Header;
import dev.runhook.domain.webhook.Endpoint;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/// A transport that may call loopback, and short ways to post with it.
final class Sender implements AutoCloseable {
  static final EgressPolicy LOOPBACK =
      new EgressPolicy(List.of(Network.parse("127.0.0.0/8"), Network.parse("::1/128")));
  static final Duration TIMEOUT = Duration.ofMillis(800);
  static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-01-02T03:04:05Z"));

  static {
    ClientProperties.set();
  }

  private final HttpTransport transport;

  Sender(HttpTransport transport) {
    this.transport = transport;
  }

  static Sender toLoopback() {
    return resolving(LOOPBACK, GuardedResolver::systemAddresses);
  }

  static Sender trusting(X509Certificate authority) {
    return new Sender(
        new HttpTransport(
            TransportSettings.of(LOOPBACK).trusting(List.of(authority)),
            CLOCK,
            GuardedResolver::systemAddresses));
  }

  static Sender resolving(EgressPolicy policy, Lookups.Source names) {
    return new Sender(new HttpTransport(TransportSettings.of(policy), CLOCK, names));
  }

  Outcome post(String url) {
    return post(url, TIMEOUT);
  }

  Outcome post(String url, Duration timeout) {
    return transport.post(
        new SignedRequest(
            Endpoint.stored(url),
            List.of(
                new Header("Content-Type", "application/json"),
                new Header("X-Api-Key", "canary-of-a-header")),
            Payload.of("{\"a\":1}"),
            timeout));
  }

  Outcome post(SignedRequest request) {
    return transport.post(request);
  }

  @Override
  public void close() {
    transport.close();
  }
}
