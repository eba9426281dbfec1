package dev.runhook.outbound.tls;

import dev.runhook.outbound.http.ExceptionMapper;
import java.io.EOFException;

/// Says why a TLS connection came to nothing.
public final class TlsErrors {
  private TlsErrors() {}

  public static String describe(Throwable failure, String host) {
    return ExceptionMapper.causes(failure)
        .filter(CertificateRejectedException.class::isInstance)
        .findFirst()
        .map(Throwable::getMessage)
        .orElseGet(() -> handshake(failure, host));
  }

  private static String handshake(Throwable failure, String host) {
    if (ExceptionMapper.messageContains(failure, "nrecognized SSL message")) {
      return host
          + " does not speak TLS on that port; is the endpoint http:// rather than https://?";
    }
    if (ExceptionMapper.hasCause(failure, EOFException.class)) {
      return host
          + " closed the connection during the TLS handshake; check that it offers TLS 1.2 or 1.3 for this host name";
    }
    return "the TLS handshake with "
        + host
        + " failed: "
        + ExceptionMapper.boundedMessage(failure)
        + "; TLS 1.2 or 1.3 is needed";
  }
}
