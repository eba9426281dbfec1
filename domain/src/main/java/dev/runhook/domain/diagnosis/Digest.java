package dev.runhook.domain.diagnosis;

import java.util.Arrays;
import java.util.Optional;

/// The hash functions that signatures are made with, ours and those that are taken by mistake. The
/// length of a signature tells which.
enum Digest {
  SHA1("HmacSHA1", "SHA-1", 20),
  SHA256("HmacSHA256", "SHA-256", 32),
  SHA512("HmacSHA512", "SHA-512", 64);

  private final String algorithm;
  private final String title;
  private final int length;

  Digest(String algorithm, String title, int length) {
    this.algorithm = algorithm;
    this.title = title;
    this.length = length;
  }

  String algorithm() {
    return algorithm;
  }

  String title() {
    return title;
  }

  /// In bytes.
  int length() {
    return length;
  }

  static Optional<Digest> ofLength(int bytes) {
    return Arrays.stream(values()).filter(digest -> digest.length == bytes).findFirst();
  }
}
