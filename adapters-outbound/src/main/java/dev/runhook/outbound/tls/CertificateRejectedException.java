package dev.runhook.outbound.tls;

import java.io.Serial;
import java.security.cert.CertificateException;

/// A receiver's certificate is not fit; the message tells which way.
final class CertificateRejectedException extends CertificateException {
  @Serial private static final long serialVersionUID = 1;

  CertificateRejectedException(String message, Throwable cause) {
    super(message, cause);
  }
}
