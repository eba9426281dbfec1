package dev.runhook.outbound.http;

import dev.runhook.application.spi.delivery.Transport.Phase;
import dev.runhook.application.spi.delivery.Transport.SignedRequest;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.delivery.Outcome;
import dev.runhook.domain.egress.EgressPolicy;
import dev.runhook.domain.egress.Network;
import dev.runhook.domain.event.Payload;
import dev.runhook.domain.signing.Header;
import dev.runhook.domain.webhook.Endpoint;
import dev.runhook.outbound.HttpClientProperties;
import dev.runhook.outbound.egress.HostResolver;
import dev.runhook.outbound.egress.PreConnectAddressCheck;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;

/// A transport that may call loopback addresses, with shortcuts for posting.
public final class TransportFixture implements AutoCloseable {
  public static final EgressPolicy LOOPBACK =
      new EgressPolicy(List.of(Network.parse("127.0.0.0/8"), Network.parse("::1/128")));
  static final AccountId ACME = new AccountId("acme");
  static final Duration TIMEOUT = Duration.ofMillis(800);
  public static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2026-01-02T03:04:05Z"));

  static {
    HttpClientProperties.set();
  }

  private final HttpTransport transport;

  public TransportFixture(HttpTransport transport) {
    this.transport = transport;
  }

  public static TransportFixture toLoopback() {
    return new TransportFixture(new HttpTransport(TransportSettings.of(LOOPBACK), CLOCK));
  }

  public static TransportFixture trusting(X509Certificate certificate) {
    return new TransportFixture(
        new HttpTransport(
            TransportSettings.of(LOOPBACK).withExtraCaCertificates(List.of(certificate)), CLOCK));
  }

  public static TransportFixture withResolver(EgressPolicy policy, HostResolver resolver) {
    return withResolver(TransportSettings.of(policy), resolver);
  }

  public static TransportFixture withResolver(TransportSettings settings, HostResolver resolver) {
    return new TransportFixture(
        new HttpTransport(
            settings, CLOCK, new PreConnectAddressCheck(settings.egress(), resolver)));
  }

  public Outcome post(String url) {
    return post(url, TIMEOUT);
  }

  public Outcome post(String url, Duration timeout) {
    return post(ACME, url, timeout);
  }

  public Outcome post(AccountId account, String url, Duration timeout) {
    return transport.post(request(account, url, timeout));
  }

  public Outcome post(String url, Duration timeout, Consumer<Phase> onPhase) {
    return transport.post(request(ACME, url, timeout), onPhase);
  }

  private static SignedRequest request(AccountId account, String url, Duration timeout) {
    return new SignedRequest(
        account,
        Endpoint.ofStored(url),
        List.of(
            new Header("Content-Type", "application/json"),
            new Header("X-Api-Key", "canary-of-a-header")),
        Payload.of("{\"a\":1}"),
        timeout);
  }

  Outcome post(SignedRequest request) {
    return transport.post(request);
  }

  @Override
  public void close() {
    transport.close();
  }
}
