package dev.runhook.outbound.http;

import dev.runhook.domain.egress.EgressPolicy;
import dev.runhook.outbound.egress.EgressProxy;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// How [HttpTransport] behaves.
///
/// @param egress where it may call
/// @param connectTimeout of connecting and the TLS handshake together
/// @param extraAuthorities certificates trusted besides those of the platform, such as a company's
///   own authority
/// @param proxy that requests leave by; absent to call receivers directly
public record TransportSettings(
    EgressPolicy egress,
    Duration connectTimeout,
    List<X509Certificate> extraCaCertificates,
    Optional<EgressProxy> proxy) {
  public TransportSettings {
    extraCaCertificates = List.copyOf(extraCaCertificates);
    if (!connectTimeout.isPositive()) {
      throw new IllegalArgumentException(
          "the connect timeout must be longer than " + connectTimeout);
    }
  }

  /// Five seconds to connect, the platform's authorities alone, and no proxy.
  public static TransportSettings of(EgressPolicy egress) {
    return new TransportSettings(egress, Duration.ofSeconds(5), List.of(), Optional.empty());
  }

  /// The same with these certificates trusted besides.
  public TransportSettings withExtraCaCertificates(List<X509Certificate> authorities) {
    return new TransportSettings(egress, connectTimeout, authorities, proxy);
  }

  /// The same by that proxy, if there is one.
  public TransportSettings withProxy(Optional<EgressProxy> chosen) {
    return new TransportSettings(egress, connectTimeout, extraCaCertificates, chosen);
  }
}
