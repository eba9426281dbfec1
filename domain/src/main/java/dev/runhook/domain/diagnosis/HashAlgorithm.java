package dev.runhook.domain.diagnosis;

import java.util.Arrays;
import java.util.Optional;

/// The hash functions that signatures are made with, ours and those that are taken by mistake. The
/// length of a signature tells which.
enum HashAlgorithm {
  SHA1("HmacSHA1", "SHA-1", 20),
  SHA256("HmacSHA256", "SHA-256", 32),
  SHA512("HmacSHA512", "SHA-512", 64);

  private final String hmacName;
  private final String displayName;
  private final int length;

  HashAlgorithm(String algorithm, String title, int length) {
    this.hmacName = algorithm;
    this.displayName = title;
    this.length = length;
  }

  String hmacName() {
    return hmacName;
  }

  String displayName() {
    return displayName;
  }

  /// In bytes.
  int length() {
    return length;
  }

  static Optional<HashAlgorithm> ofLength(int bytes) {
    return Arrays.stream(values())
        .filter(hashAlgorithm -> hashAlgorithm.length == bytes)
        .findFirst();
  }
}
