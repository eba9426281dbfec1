package dev.runhook.persistence.secret;

import dev.runhook.domain.signing.SigningSecret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import org.jspecify.annotations.Nullable;

/// Encrypts the secrets and header values of webhooks at rest with AES-256-GCM (NIST SP 800-38D)
/// and a random nonce of 96 bits. Each value is bound to its row and column, so it cannot be
/// decrypted after it is copied to another webhook. Each row stores the id of the key that
/// encrypted it, or null for plaintext. Thread-safe.
///
/// A secret that cannot be decrypted does not prevent its row from being read: it becomes an
/// undecryptable [SigningSecret], which fails when it is used.
public final class SecretCipher {
  private static final String ALGORITHM = "AES/GCM/NoPadding";
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;

  private final Optional<EncryptionKey> current;
  private final Map<String, EncryptionKey> keysById = new HashMap<>();
  private final SecureRandom random = new SecureRandom();

  /// @param current encrypts new values; absent to store plaintext
  /// @param previous keys that can still decrypt
  public SecretCipher(Optional<EncryptionKey> current, List<EncryptionKey> previous) {
    this.current = current;
    previous.forEach(key -> keysById.put(key.id(), key));
    current.ifPresent(key -> keysById.put(key.id(), key));
  }

  /// Stores plaintext and cannot decrypt anything.
  public static SecretCipher none() {
    return new SecretCipher(Optional.empty(), List.of());
  }

  /// A column of the table `webhook` that holds a secret. Its name is part of the authenticated
  /// data.
  public enum Column {
    SECRET,
    PREVIOUS_SECRET
  }

  /// The id of the key that [#encrypt] uses; null if it stores plaintext.
  public @Nullable String keyId() {
    return current.map(EncryptionKey::id).orElse(null);
  }

  /// The ids of all keys that can decrypt.
  public List<String> keyIds() {
    return keysById.keySet().stream().sorted().toList();
  }

  boolean hasKey(String keyId) {
    return keysById.containsKey(keyId);
  }

  /// Returns base64 of nonce, ciphertext and tag, or the secret itself if there is no key.
  public String encrypt(UUID webhook, Column column, SigningSecret secret) {
    return encrypt(context(webhook, column), secret.reveal());
  }

  /// Encrypts any text and binds it to the context.
  String encrypt(String context, String text) {
    EncryptionKey key = current.orElse(null);
    if (key == null) {
      return text;
    }
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    try {
      Cipher cipher = cipher(Cipher.ENCRYPT_MODE, key, nonce, context);
      byte[] encrypted = cipher.doFinal(text.getBytes(StandardCharsets.UTF_8));
      byte[] stored = Arrays.copyOf(nonce, NONCE_BYTES + encrypted.length);
      System.arraycopy(encrypted, 0, stored, NONCE_BYTES, encrypted.length);
      return Base64.getEncoder().encodeToString(stored);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform supports " + ALGORITHM, e);
    }
  }

  /// Returns an undecryptable secret if the key is missing or wrong.
  ///
  /// @param stored what [#encrypt] returned
  /// @param keyId null for plaintext
  public SigningSecret decrypt(UUID webhook, Column column, String stored, @Nullable String keyId) {
    if (keyId == null) {
      return SigningSecret.parse(stored);
    }
    if (!hasKey(keyId)) {
      return SigningSecret.undecryptable(
          ("the secret of webhook %s is encrypted with key %s, which is not configured;"
                  + " configure that encryption key, or rotate the secret")
              .formatted(webhook, keyId));
    }
    try {
      return SigningSecret.parse(decrypt(context(webhook, column), stored, keyId));
    } catch (GeneralSecurityException | IllegalArgumentException ignored) {
      return SigningSecret.undecryptable(
          ("the secret of webhook %s cannot be decrypted because its row was changed or damaged;"
                  + " rotate the secret")
              .formatted(webhook));
    }
  }

  /// Decrypts any text that was encrypted in this context.
  ///
  /// @param keyId the id of a configured key
  String decrypt(String context, String stored, String keyId) throws GeneralSecurityException {
    EncryptionKey key = Objects.requireNonNull(keysById.get(keyId));
    byte[] encrypted = Base64.getDecoder().decode(stored);
    Cipher cipher = cipher(Cipher.DECRYPT_MODE, key, encrypted, context);
    byte[] text = cipher.doFinal(encrypted, NONCE_BYTES, encrypted.length - NONCE_BYTES);
    return new String(text, StandardCharsets.UTF_8);
  }

  private static String context(UUID webhook, Column column) {
    return "webhook " + webhook + " " + column;
  }

  /// @param nonce an array that begins with the nonce
  private static Cipher cipher(int mode, EncryptionKey key, byte[] nonce, String context)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance(ALGORITHM);
    cipher.init(mode, key.key(), new GCMParameterSpec(TAG_BITS, nonce, 0, NONCE_BYTES));
    cipher.updateAAD(("runhook " + context).getBytes(StandardCharsets.UTF_8));
    return cipher;
  }

  /// Does not contain the keys.
  @Override
  public String toString() {
    return current.map(key -> "encrypted with " + key).orElse("plain");
  }
}
