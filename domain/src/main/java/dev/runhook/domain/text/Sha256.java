package dev.runhook.domain.text;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// Computes SHA-256 hashes of concatenated byte arrays.
public final class Sha256 {
  private Sha256() {}

  public static byte[] hash(byte[]... parts) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (byte[] part : parts) {
        digest.update(part);
      }
      return digest.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform supports SHA-256", e);
    }
  }

  /// Returns the hash in lowercase hex.
  public static String hex(byte[]... parts) {
    return HexFormat.of().formatHex(hash(parts));
  }
}
