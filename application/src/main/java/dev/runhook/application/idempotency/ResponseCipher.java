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

/// Closes answers with what only the caller has: the text of its token, or the key of its session.
/// Answers hold secrets, and whoever reads the database alone must not read them.
///
/// AES-256-GCM. Each attempt has a key of its own, HMAC-SHA-256 of the token's text over the
/// attempt's id, and so there is no need of a nonce that differs.
public final class ResponseCipher {
  private static final String LABEL = "runhook kept answer ";
  private static final int TAG_BITS = 128;
  private static final int NONCE_BYTES = 12;

  private final String secret;

  /// @param secret what the caller showed
  public ResponseCipher(String secret) {
    this.secret = secret;
  }

  String encrypt(String text, UUID attempt) {
    try {
      return Base64.getEncoder()
          .encodeToString(run(Cipher.ENCRYPT_MODE, text.getBytes(UTF_8), attempt));
    } catch (GeneralSecurityException e) {
      throw broken(e);
    }
  }

  /// What was closed by the same secret for the same attempt.
  Optional<String> decrypt(String closed, UUID attempt) {
    try {
      byte[] bytes = run(Cipher.DECRYPT_MODE, Base64.getDecoder().decode(closed), attempt);
      return Optional.of(new String(bytes, UTF_8));
    } catch (AEADBadTagException _) {
      return Optional.empty();
    } catch (GeneralSecurityException e) {
      throw broken(e);
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

  private static IllegalStateException broken(GeneralSecurityException failure) {
    return new IllegalStateException("kept answers cannot be closed or opened here", failure);
  }

  /// Without the secret.
  @Override
  public String toString() {
    return "Seal[…]";
  }
}
