package dev.runhook.outbound;

import dev.runhook.domain.egress.EgressPolicy;
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
    List<X509Certificate> extraAuthorities,
    Optional<EgressProxy> proxy) {
  public TransportSettings {
    extraAuthorities = List.copyOf(extraAuthorities);
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
  public TransportSettings trusting(List<X509Certificate> authorities) {
    return new TransportSettings(egress, connectTimeout, authorities, proxy);
  }

  /// The same by that proxy, if there is one.
  public TransportSettings by(Optional<EgressProxy> chosen) {
    return new TransportSettings(egress, connectTimeout, extraAuthorities, chosen);
  }
}
