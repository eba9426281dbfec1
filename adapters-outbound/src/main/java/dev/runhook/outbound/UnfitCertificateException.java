package dev.runhook.outbound;

import java.io.Serial;
import java.security.cert.CertificateException;

/// A receiver's certificate is not fit; the message tells which way.
final class UnfitCertificateException extends CertificateException {
  @Serial private static final long serialVersionUID = 1;

  UnfitCertificateException(String message, Throwable cause) {
    super(message, cause);
  }
}
