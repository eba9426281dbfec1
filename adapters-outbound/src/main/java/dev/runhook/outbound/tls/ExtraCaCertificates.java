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

/// Reads certificates to be trusted besides the platform's from a PEM file, as companies hand them
/// out: one or more, with whatever text around them.
public final class ExtraCaCertificates {
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", Pattern.DOTALL);
  private static final long LARGEST = 4L * 1024 * 1024;

  private ExtraCaCertificates() {}

  /// All certificates of the file; an [IllegalArgumentException] says why there are none.
  public static List<X509Certificate> read(Path file) {
    Matcher block = BLOCK.matcher(text(file));
    List<X509Certificate> found = new ArrayList<>();
    while (block.find()) {
      found.add(certificate(block.group(), found.size() + 1));
    }
    if (found.isEmpty()) {
      throw new IllegalArgumentException(
          "names a file without a certificate; it must be PEM, with lines \"-----BEGIN CERTIFICATE-----\"");
    }
    return List.copyOf(found);
  }

  private static String text(Path file) {
    try {
      if (!Files.isRegularFile(file) || Files.size(file) > LARGEST) {
        throw new IllegalArgumentException(
            "must name a PEM file of at most 4 MiB; \"" + file + "\" is none");
      }
      return Files.readString(file, ISO_8859_1);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "names a file that cannot be read: " + e.getClass().getSimpleName(), e);
    }
  }

  private static X509Certificate certificate(String pem, int number) {
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(pem.getBytes(US_ASCII)));
    } catch (CertificateException e) {
      throw new IllegalArgumentException(
          "names a file whose certificate no. " + number + " cannot be read", e);
    }
  }
}
