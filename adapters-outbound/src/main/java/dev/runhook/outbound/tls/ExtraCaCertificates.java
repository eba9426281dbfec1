package dev.runhook.outbound.tls;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads CA certificates from a PEM file. Text between the certificates is ignored.
public final class ExtraCaCertificates {
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", Pattern.DOTALL);
  private static final long MAX_BYTES = 4L * 1024 * 1024;

  private ExtraCaCertificates() {}

  /// Returns all certificates of the file, at least one.
  ///
  /// @throws IllegalArgumentException if there are none; the message follows the name of a setting
  public static List<X509Certificate> read(Path file) {
    Matcher block = BLOCK.matcher(text(file));
    List<X509Certificate> certificates = new ArrayList<>();
    while (block.find()) {
      certificates.add(certificate(block.group(), certificates.size() + 1));
    }
    if (certificates.isEmpty()) {
      throw new IllegalArgumentException(
          "names a file without a certificate; it must be in PEM format, with lines"
              + " \"-----BEGIN CERTIFICATE-----\"");
    }
    return List.copyOf(certificates);
  }

  private static String text(Path file) {
    try {
      if (!Files.isRegularFile(file) || Files.size(file) > MAX_BYTES) {
        throw new IllegalArgumentException(
            "must name a PEM file of at most 4 MiB, not \"" + file + "\"");
      }
      return Files.readString(file, ISO_8859_1);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "names an unreadable file: " + e.getClass().getSimpleName(), e);
    }
  }

  private static X509Certificate certificate(String pem, int number) {
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(pem.getBytes(US_ASCII)));
    } catch (CertificateException e) {
      throw new IllegalArgumentException(
          "names a file whose certificate number " + number + " is invalid", e);
    }
  }
}
