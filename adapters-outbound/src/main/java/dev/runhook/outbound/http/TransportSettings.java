package dev.runhook.outbound.http;

import dev.runhook.domain.egress.EgressPolicy;
import dev.runhook.outbound.egress.EgressProxy;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Settings of [HttpTransport].
///
/// @param egress the addresses that requests may be sent to
/// @param connectTimeout limits connecting and the TLS handshake together
/// @param extraCaCertificates trusted in addition to the CAs of the platform
/// @param proxy the proxy for all requests; empty to connect to receivers directly
public record TransportSettings(
    EgressPolicy egress,
    Duration connectTimeout,
    List<X509Certificate> extraCaCertificates,
    Optional<EgressProxy> proxy) {
  public TransportSettings {
    extraCaCertificates = List.copyOf(extraCaCertificates);
    if (!connectTimeout.isPositive()) {
      throw new IllegalArgumentException(
          "the connect timeout must be positive, not " + connectTimeout);
    }
  }

  /// Returns settings with a connect timeout of five seconds, no extra CA certificates and no
  /// proxy.
  public static TransportSettings of(EgressPolicy egress) {
    return new TransportSettings(egress, Duration.ofSeconds(5), List.of(), Optional.empty());
  }

  public TransportSettings withExtraCaCertificates(List<X509Certificate> certificates) {
    return new TransportSettings(egress, connectTimeout, certificates, proxy);
  }

  public TransportSettings withProxy(Optional<EgressProxy> newProxy) {
    return new TransportSettings(egress, connectTimeout, extraCaCertificates, newProxy);
  }
}
