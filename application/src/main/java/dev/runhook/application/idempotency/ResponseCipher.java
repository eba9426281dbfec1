package dev.runhook.application.idempotency;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// Encrypts stored responses with a secret that only the caller has: its token, or the key of its
/// session. Responses may contain secrets, and someone who can read the database must not be able
/// to see them.
///
/// The cipher is AES-256-GCM. Each attempt has its own key, the HMAC-SHA-256 of the attempt's id
/// with the secret as its key, so the nonce can be constant.
public final class ResponseCipher {
  private static final String LABEL = "runhook stored response ";
  private static final int TAG_BITS = 128;
  private static final int NONCE_BYTES = 12;

  private final String secret;

  /// @param secret the secret that the caller sent
  public ResponseCipher(String secret) {
    this.secret = secret;
  }

  String encrypt(String text, UUID attempt) {
    try {
      return Base64.getEncoder()
          .encodeToString(run(Cipher.ENCRYPT_MODE, text.getBytes(UTF_8), attempt));
    } catch (GeneralSecurityException e) {
      throw unsupported(e);
    }
  }

  /// Decrypts a response. The result is empty if it was encrypted with another secret or for
  /// another attempt.
  Optional<String> decrypt(String encrypted, UUID attempt) {
    try {
      byte[] bytes = run(Cipher.DECRYPT_MODE, Base64.getDecoder().decode(encrypted), attempt);
      return Optional.of(new String(bytes, UTF_8));
    } catch (AEADBadTagException ignored) {
      return Optional.empty();
    } catch (GeneralSecurityException e) {
      throw unsupported(e);
    }
  }

  private byte[] run(int mode, byte[] bytes, UUID attempt) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(secret.getBytes(UTF_8), "HmacSHA256"));
    byte[] key = mac.doFinal((LABEL + attempt).getBytes(UTF_8));
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(
        mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, new byte[NONCE_BYTES]));
    return cipher.doFinal(bytes);
  }

  private static IllegalStateException unsupported(GeneralSecurityException failure) {
    return new IllegalStateException("stored responses cannot be encrypted or decrypted", failure);
  }

  @Override
  public String toString() {
    return "ResponseCipher[…]";
  }
}
