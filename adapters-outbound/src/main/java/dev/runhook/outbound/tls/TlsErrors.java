package dev.runhook.outbound.tls;

import dev.runhook.outbound.CauseChain;
import java.io.EOFException;

/// Describes why a TLS connection failed.
public final class TlsErrors {
  private TlsErrors() {}

  public static String describe(CauseChain failure, String host) {
    return failure.stream()
        .filter(CertificateRejectedException.class::isInstance)
        .findFirst()
        .map(Throwable::getMessage)
        .orElseGet(() -> describeHandshake(failure, host));
  }

  private static String describeHandshake(CauseChain failure, String host) {
    if (failure.mentions("nrecognized SSL message")) {
      return host + " does not speak TLS on that port; should the endpoint start with http://?";
    }
    if (failure.has(EOFException.class)) {
      return host
          + " closed the connection during the TLS handshake; check that it supports TLS 1.2 or"
          + " 1.3 for this host name";
    }
    return "the TLS handshake with "
        + host
        + " failed: "
        + failure.message()
        + "; TLS 1.2 or 1.3 is required";
  }
}
