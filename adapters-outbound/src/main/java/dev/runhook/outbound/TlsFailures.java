package dev.runhook.outbound;

import java.io.EOFException;

/// Says why a TLS connection came to nothing.
final class TlsFailures {
  private TlsFailures() {}

  static String sentence(Throwable failure, String host) {
    return Failures.chain(failure)
        .filter(UnfitCertificateException.class::isInstance)
        .findFirst()
        .map(Throwable::getMessage)
        .orElseGet(() -> handshake(failure, host));
  }

  private static String handshake(Throwable failure, String host) {
    if (Failures.says(failure, "nrecognized SSL message")) {
      return host
          + " does not speak TLS on that port; is the endpoint http:// rather than https://?";
    }
    if (Failures.has(failure, EOFException.class)) {
      return host
          + " closed the connection during the TLS handshake; check that it offers TLS 1.2 or 1.3 for this host name";
    }
    return "the TLS handshake with "
        + host
        + " failed: "
        + Failures.message(failure)
        + "; TLS 1.2 or 1.3 is needed";
  }
}
