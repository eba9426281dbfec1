package dev.runhook.persistence.secret;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/// A key of 256 bits for [SecretCipher]. It hides itself in [#toString].
public final class EncryptionKey {
  private static final int BYTES = 32;
  private static final int ID_BYTES = 8;
  private static final byte[] PURPOSE = "runhook key id 1".getBytes(StandardCharsets.UTF_8);

  private final SecretKey key;
  private final String id;

  private EncryptionKey(byte[] bytes) {
    this.key = new SecretKeySpec(bytes, "AES");
    this.id = idOf(bytes);
  }

  /// Reads 32 bytes in base64, or in hex. What is thrown does not quote the text, and goes on after
  /// the name of what was given.
  public static EncryptionKey parse(String text) {
    byte[] bytes = decoded(text);
    if (bytes.length != BYTES) {
      throw new IllegalArgumentException(
          "must be 32 random bytes in base64 or hex, such as those of \"openssl rand -base64 32\"; these are "
              + (bytes.length == 0 ? "neither" : bytes.length + " bytes"));
    }
    return new EncryptionKey(bytes);
  }

  /// Tells keys apart and gives nothing away of them: 16 hex digits of a hash.
  public String id() {
    return id;
  }

  SecretKey key() {
    return key;
  }

  /// Nothing where it is neither.
  private static byte[] decoded(String text) {
    try {
      return text.matches("[0-9A-Fa-f]{64}")
          ? HexFormat.of().parseHex(text)
          : Base64.getDecoder().decode(text.replace('-', '+').replace('_', '/'));
    } catch (IllegalArgumentException _) {
      return new byte[0];
    }
  }

  private static String idOf(byte[] bytes) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(PURPOSE);
      return HexFormat.of().formatHex(digest.digest(bytes), 0, ID_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  @Override
  public String toString() {
    return "(key " + id + ")";
  }
}
