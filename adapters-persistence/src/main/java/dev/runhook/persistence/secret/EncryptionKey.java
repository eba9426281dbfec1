package dev.runhook.persistence.secret;

import dev.runhook.domain.text.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/// A 256-bit key for [SecretCipher]. [#toString] shows only its id.
public final class EncryptionKey {
  private static final int BYTES = 32;
  private static final int ID_DIGITS = 16;
  private static final byte[] PURPOSE = "runhook key id 1".getBytes(StandardCharsets.UTF_8);

  private final SecretKey key;
  private final String id;

  private EncryptionKey(byte[] bytes) {
    this.key = new SecretKeySpec(bytes, "AES");
    this.id = Sha256.hex(PURPOSE, bytes).substring(0, ID_DIGITS);
  }

  /// Parses 32 bytes in base64 or hex.
  ///
  /// @throws IllegalArgumentException with a message that follows the name of the setting and does
  ///   not contain the value
  public static EncryptionKey parse(String text) {
    byte[] bytes = decode(text);
    if (bytes.length != BYTES) {
      throw new IllegalArgumentException(
          "must be 32 random bytes in base64 or hex, for example from \"openssl rand -base64 32\";"
              + " the value is "
              + (bytes.length == 0 ? "neither base64 nor hex" : bytes.length + " bytes long"));
    }
    return new EncryptionKey(bytes);
  }

  /// 16 hex digits of a hash. They identify the key without revealing it.
  public String id() {
    return id;
  }

  SecretKey key() {
    return key;
  }

  /// Returns an empty array if the text is neither base64 nor hex.
  private static byte[] decode(String text) {
    try {
      return text.matches("[0-9A-Fa-f]{64}")
          ? HexFormat.of().parseHex(text)
          : Base64.getDecoder().decode(text.replace('-', '+').replace('_', '/'));
    } catch (IllegalArgumentException ignored) {
      return new byte[0];
    }
  }

  @Override
  public String toString() {
    return "(key " + id + ")";
  }
}
