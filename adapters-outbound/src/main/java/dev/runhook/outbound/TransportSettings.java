package dev.runhook.outbound;

import dev.runhook.domain.egress.EgressPolicy;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;

/// How [HttpTransport] behaves.
///
/// @param egress where it may call
/// @param connectTimeout of connecting and the TLS handshake together
/// @param extraAuthorities certificates trusted besides those of the platform, such as a company's
///   own authority
public record TransportSettings(
    EgressPolicy egress, Duration connectTimeout, List<X509Certificate> extraAuthorities) {
  public TransportSettings {
    extraAuthorities = List.copyOf(extraAuthorities);
    if (!connectTimeout.isPositive()) {
      throw new IllegalArgumentException(
          "the connect timeout must be longer than " + connectTimeout);
    }
  }

  /// Five seconds to connect, and the platform's authorities alone.
  public static TransportSettings of(EgressPolicy egress) {
    return new TransportSettings(egress, Duration.ofSeconds(5), List.of());
  }
}
