package dev.runhook.outbound.tls;

import dev.runhook.outbound.http.ExceptionMapper;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/// Tells people what is wrong with a certificate.
final class CertificateErrors {
  private static final int MOST_NAMES = 5;

  private CertificateErrors() {}

  static String describe(X509Certificate[] chain, CertificateException failure) {
    X509Certificate own = chain[0];
    if (ExceptionMapper.hasCause(failure, CertificateExpiredException.class)) {
      return "the receiver's certificate, or one that it rests on, has expired (its own on "
          + own.getNotAfter().toInstant()
          + "); renew it";
    }
    if (ExceptionMapper.hasCause(failure, CertificateNotYetValidException.class)) {
      return "the receiver's certificate is not valid yet (from "
          + own.getNotBefore().toInstant()
          + " on); check the clocks";
    }
    if (ExceptionMapper.messageContains(failure, "No subject alternative")
        || ExceptionMapper.messageContains(failure, "No name matching")) {
      return "the receiver's certificate is for another host ("
          + names(own)
          + "), not for the endpoint's";
    }
    if (ExceptionMapper.hasCause(failure, CertPathBuilderException.class)) {
      return isSelfSigned(own)
          ? "the receiver's certificate is self-signed; get one from an authority that is trusted here"
          : "the receiver's certificate comes from an unknown authority, or the receiver leaves out the certificates in between";
    }
    return "the receiver's certificate is not accepted: " + ExceptionMapper.boundedMessage(failure);
  }

  private static boolean isSelfSigned(X509Certificate certificate) {
    return certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
  }

  private static String names(X509Certificate certificate) {
    try {
      Collection<List<?>> names = certificate.getSubjectAlternativeNames();
      return names == null
          ? "it names none"
          : names.stream()
              .limit(MOST_NAMES)
              .map(name -> printable(String.valueOf(name.get(1))))
              .collect(Collectors.joining(", "));
    } catch (CertificateParsingException _) {
      return "its names cannot be read";
    }
  }

  private static String printable(String name) {
    String line = name.replaceAll("[^\\x20-\\x7e]", "?");
    return line.length() <= 100 ? line : line.substring(0, 100) + "…";
  }
}
