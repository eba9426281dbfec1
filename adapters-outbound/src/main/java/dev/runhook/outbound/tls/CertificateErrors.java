package dev.runhook.outbound.tls;

import dev.runhook.outbound.CauseChain;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/// Describes why a certificate was rejected.
final class CertificateErrors {
  private static final int MAX_NAMES = 5;
  private static final int MAX_NAME_LENGTH = 100;

  private CertificateErrors() {}

  static String describe(X509Certificate[] chain, CertificateException failure) {
    X509Certificate certificate = chain[0];
    CauseChain causes = new CauseChain(failure);
    if (causes.has(CertificateExpiredException.class)) {
      return "the receiver's certificate or the certificate of an issuer has expired (the"
          + " receiver's own on "
          + certificate.getNotAfter().toInstant()
          + "); renew it";
    }
    if (causes.has(CertificateNotYetValidException.class)) {
      return "the receiver's certificate is not valid before "
          + certificate.getNotBefore().toInstant()
          + "; check the clocks";
    }
    if (causes.mentions("No subject alternative") || causes.mentions("No name matching")) {
      return "the receiver's certificate is for another host ("
          + names(certificate)
          + "), not for the host of the endpoint";
    }
    if (causes.has(CertPathBuilderException.class)) {
      return isSelfSigned(certificate)
          ? "the receiver's certificate is self-signed; use one from a trusted authority"
          : "the receiver's certificate is from an unknown authority, or the receiver does not send"
              + " the intermediate certificates";
    }
    return "the receiver's certificate was rejected: " + causes.message();
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
    } catch (CertificateParsingException _) {
      return "its names are unreadable";
    }
  }

  private static String printable(String name) {
    String line = name.replaceAll("[^\\x20-\\x7e]", "?");
    return line.length() <= MAX_NAME_LENGTH ? line : line.substring(0, MAX_NAME_LENGTH) + "…";
  }
}
