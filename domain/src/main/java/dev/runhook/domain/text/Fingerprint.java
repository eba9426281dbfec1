package dev.runhook.domain.text;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/// The SHA-256 of a value, in hex. It shows whether two values are equal without storing them.
public record Fingerprint(String hex) {
  public Fingerprint {
    if (!hex.matches("[0-9a-f]{64}")) {
      throw new IllegalArgumentException("a fingerprint has 64 hex digits");
    }
  }

  public static Fingerprint of(byte[] bytes) {
    return new Fingerprint(Sha256.hex(bytes));
  }

  /// Returns the fingerprint of several parts. Different parts have different fingerprints, even if
  /// their concatenations are equal.
  public static Fingerprint of(String... parts) {
    byte[][] hashes =
        Arrays.stream(parts).map(part -> Sha256.hash(part.getBytes(UTF_8))).toArray(byte[][]::new);
    return new Fingerprint(Sha256.hex(hashes));
  }
}
