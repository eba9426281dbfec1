package dev.runhook.outbound.tls;

import dev.runhook.domain.text.TextLimits;
import dev.runhook.outbound.CauseChain;
import java.io.EOFException;
import java.io.Serial;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/// Describes why a TLS connection failed or why a certificate was rejected.
public final class TlsErrors {
  private static final int MAX_NAMES = 5;
  private static final int MAX_NAME_LENGTH = 100;

  private TlsErrors() {}

  /// The certificate of a receiver was rejected. The message explains the reason to the user.
  static final class CertificateRejectedException extends CertificateException {
    @Serial private static final long serialVersionUID = 1;

    CertificateRejectedException(X509Certificate[] chain, CertificateException cause) {
      super(describe(chain[0], new CauseChain(cause)), cause);
    }
  }

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

  private static String describe(X509Certificate certificate, CauseChain failure) {
    if (failure.has(CertificateExpiredException.class)) {
      return "the receiver's certificate or the certificate of an issuer has expired (the"
          + " receiver's own on "
          + certificate.getNotAfter().toInstant()
          + "); renew it";
    }
    if (failure.has(CertificateNotYetValidException.class)) {
      return "the receiver's certificate is not valid before "
          + certificate.getNotBefore().toInstant()
          + "; check the clocks";
    }
    if (failure.mentions("No subject alternative") || failure.mentions("No name matching")) {
      return "the receiver's certificate is for another host ("
          + names(certificate)
          + "), not for the host of the endpoint";
    }
    if (failure.has(CertPathBuilderException.class)) {
      return isSelfSigned(certificate)
          ? "the receiver's certificate is self-signed; use one from a trusted authority"
          : "the receiver's certificate is from an unknown authority, or the receiver does not send"
              + " the intermediate certificates";
    }
    return "the receiver's certificate was rejected: " + failure.message();
  }

  private static boolean isSelfSigned(X509Certificate certificate) {
    return certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
  }

  private static String names(X509Certificate certificate) {
    try {
      Collection<List<?>> names = certificate.getSubjectAlternativeNames();
      return names == null
          ? "it contains no names"
          : names.stream()
              .limit(MAX_NAMES)
              .map(name -> printable(String.valueOf(name.get(1))))
              .collect(Collectors.joining(", "));
    } catch (CertificateParsingException ignored) {
      return "its names are unreadable";
    }
  }

  private static String printable(String name) {
    return TextLimits.shorten(name.replaceAll("[^\\x20-\\x7e]", "?"), MAX_NAME_LENGTH);
  }
}
