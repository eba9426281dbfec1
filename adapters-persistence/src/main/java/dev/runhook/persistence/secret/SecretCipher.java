package dev.runhook.persistence.secret;

import dev.runhook.domain.signing.SigningSecret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
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

/// Encrypts the secrets of webhooks, and the values of their headers, as they are kept: AES-256-GCM
/// (NIST SP 800-38D), each with a random nonce of 96 bits, bound to its row and column, so that one
/// which is copied to another webhook opens nothing. The row says by the id of the key with which
/// one it was done, or that it is plain. Thread-safe.
///
/// What cannot be opened is a secret that says so when it is needed: the rows beside it are read
/// all the same.
public final class SecretCipher {
  private static final String ALGORITHM = "AES/GCM/NoPadding";
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;

  private final Optional<EncryptionKey> current;
  private final Map<String, EncryptionKey> byId = new HashMap<>();
  private final SecureRandom random = new SecureRandom();

  private SecretCipher(Optional<EncryptionKey> current, List<EncryptionKey> previous) {
    this.current = current;
    previous.forEach(key -> byId.put(key.id(), key));
    current.ifPresent(key -> byId.put(key.id(), key));
  }

  /// Keeps secrets as they are, and opens none that is encrypted.
  public static SecretCipher none() {
    return new SecretCipher(Optional.empty(), List.of());
  }

  /// @param current encrypts what is kept from now on; absent to keep it plain
  /// @param previous open what was encrypted by them
  public static SecretCipher using(Optional<EncryptionKey> current, List<EncryptionKey> previous) {
    return new SecretCipher(current, previous);
  }

  /// A column of a webhook that holds a secret.
  public enum Column {
    SECRET,
    PREVIOUS_SECRET
  }

  /// The id of the key by which [#encrypt] encrypts; null where it does not.
  public @Nullable String keyId() {
    return current.map(EncryptionKey::id).orElse(null);
  }

  /// The ids of all keys that can be opened with.
  List<String> keyIds() {
    return byId.keySet().stream().sorted().toList();
  }

  /// The text to be kept: base64 of nonce and ciphertext with tag, or the secret itself.
  public String encrypt(UUID webhook, Column column, SigningSecret secret) {
    return encrypt(place(webhook, column), secret.reveal());
  }

  /// The same for any text, bound to that place.
  String encrypt(String place, String text) {
    return current.map(key -> encrypt(key, place, text)).orElse(text);
  }

  private String encrypt(EncryptionKey key, String place, String plain) {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    try {
      Cipher cipher = cipher(Cipher.ENCRYPT_MODE, key, nonce, place);
      byte[] text = plain.getBytes(StandardCharsets.UTF_8);
      byte[] sealed = new byte[NONCE_BYTES + cipher.getOutputSize(text.length)];
      System.arraycopy(nonce, 0, sealed, 0, NONCE_BYTES);
      cipher.doFinal(text, 0, text.length, sealed, NONCE_BYTES);
      return Base64.getEncoder().encodeToString(sealed);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
    }
  }

  /// The secret that was kept; one that cannot be had where the key is not here or does not open
  /// it.
  ///
  /// @param keyId null where it is plain
  public SigningSecret decrypt(UUID webhook, Column column, String kept, @Nullable String keyId) {
    if (keyId == null) {
      return SigningSecret.parse(kept);
    }
    if (!byId.containsKey(keyId)) {
      return SigningSecret.undecryptable(
          "the secret of webhook %s is encrypted with key %s, which is not configured; give that key by RUNHOOK_ENCRYPTION_KEY or RUNHOOK_ENCRYPTION_KEY_PREVIOUS, or give the webhook a new secret"
              .formatted(webhook, keyId));
    }
    try {
      return SigningSecret.parse(decrypt(place(webhook, column), kept, keyId));
    } catch (GeneralSecurityException | IllegalArgumentException _) {
      return SigningSecret.undecryptable(
          "the secret of webhook %s cannot be decrypted: its row was changed or damaged in the database; give the webhook a new secret"
              .formatted(webhook));
    }
  }

  /// Whether what was encrypted with that key can be opened.
  boolean hasKey(String keyId) {
    return byId.containsKey(keyId);
  }

  /// What was kept at that place by [#encrypt] under a known key; an exception where it was not.
  String decrypt(String place, String kept, String keyId) throws GeneralSecurityException {
    EncryptionKey key = Objects.requireNonNull(byId.get(keyId));
    byte[] sealed = Base64.getDecoder().decode(kept);
    Cipher cipher = cipher(Cipher.DECRYPT_MODE, key, sealed, place);
    byte[] text = cipher.doFinal(sealed, NONCE_BYTES, sealed.length - NONCE_BYTES);
    return new String(text, StandardCharsets.UTF_8);
  }

  private static String place(UUID webhook, Column column) {
    return "webhook " + webhook + " " + column;
  }

  /// @param nonce the bytes that begin with it
  private static Cipher cipher(int mode, EncryptionKey key, byte[] nonce, String place)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance(ALGORITHM);
    cipher.init(mode, key.key(), new GCMParameterSpec(TAG_BITS, nonce, 0, NONCE_BYTES));
    cipher.updateAAD(("runhook " + place).getBytes(StandardCharsets.UTF_8));
    return cipher;
  }

  /// Without the keys.
  @Override
  public String toString() {
    return current.map(key -> "encrypted with " + key).orElse("plain");
  }
}
