package dev.runhook.outbound.tls;

import java.io.Serial;
import java.security.cert.CertificateException;

/// The certificate of a receiver was rejected. The message explains the reason to the user.
final class CertificateRejectedException extends CertificateException {
  @Serial private static final long serialVersionUID = 1;

  CertificateRejectedException(String message, Throwable cause) {
    super(message, cause);
  }
}
