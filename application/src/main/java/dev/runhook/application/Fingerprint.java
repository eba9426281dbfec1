package dev.runhook.application;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// The SHA-256 of something, in hex: tells whether two are the same without keeping either.
public record Fingerprint(String hex) {
  public Fingerprint {
    if (!hex.matches("[0-9a-f]{64}")) {
      throw new IllegalArgumentException("a fingerprint is 64 hexadecimal digits");
    }
  }

  public static Fingerprint of(byte[] bytes) {
    return new Fingerprint(HexFormat.of().formatHex(digest().digest(bytes)));
  }

  /// Of several parts, in such a way that no other parts have the same.
  public static Fingerprint of(String... parts) {
    MessageDigest whole = digest();
    for (String part : parts) {
      whole.update(digest().digest(part.getBytes(UTF_8)));
    }
    return new Fingerprint(HexFormat.of().formatHex(whole.digest()));
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
