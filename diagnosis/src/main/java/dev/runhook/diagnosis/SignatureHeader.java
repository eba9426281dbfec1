package dev.runhook.diagnosis;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// The three headers that carry signatures.
public enum SignatureHeader {
  SHA1("X-Signature", "sha1=", Algorithm.SHA1),
  SHA256("X-Signature-256", "sha256=", Algorithm.SHA256),
  STANDARD("webhook-signature", "v1,", Algorithm.SHA256);

  final String prefix;
  final Algorithm algorithm;
  private final String headerName;

  SignatureHeader(String headerName, String prefix, Algorithm algorithm) {
    this.headerName = headerName;
    this.prefix = prefix;
    this.algorithm = algorithm;
  }

  public String headerName() {
    return headerName;
  }

  /// The hash algorithms that Runhook uses and those that are used by mistake. The length of a
  /// signature identifies the algorithm.
  enum Algorithm {
    SHA1(20),
    SHA256(32),
    SHA512(64);

    /// The length of a signature in bytes.
    final int length;

    Algorithm(int length) {
      this.length = length;
    }

    static Optional<Algorithm> ofLength(int bytes) {
      return Arrays.stream(values()).filter(algorithm -> algorithm.length == bytes).findFirst();
    }

    String hmacName() {
      return "Hmac" + name();
    }

    String displayName() {
      return name().replace("SHA", "SHA-");
    }

    /// Returns the prefix of a signature in GitHub's format, such as `sha256=`.
    String prefix() {
      return name().toLowerCase(Locale.ROOT) + "=";
    }
  }
}
