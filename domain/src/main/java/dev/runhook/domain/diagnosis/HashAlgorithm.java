package dev.runhook.domain.diagnosis;

import java.util.Arrays;
import java.util.Optional;

/// The hash algorithms of signatures: those that Runhook uses and those that are used by mistake.
/// The length of a signature identifies the algorithm.
enum HashAlgorithm {
  SHA1("HmacSHA1", "SHA-1", 20),
  SHA256("HmacSHA256", "SHA-256", 32),
  SHA512("HmacSHA512", "SHA-512", 64);

  private final String hmacName;
  private final String displayName;
  private final int length;

  HashAlgorithm(String hmacName, String displayName, int length) {
    this.hmacName = hmacName;
    this.displayName = displayName;
    this.length = length;
  }

  String hmacName() {
    return hmacName;
  }

  String displayName() {
    return displayName;
  }

  /// The length of the hash in bytes.
  int length() {
    return length;
  }

  static Optional<HashAlgorithm> ofLength(int bytes) {
    return Arrays.stream(values()).filter(algorithm -> algorithm.length == bytes).findFirst();
  }
}
