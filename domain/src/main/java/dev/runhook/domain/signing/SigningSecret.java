package dev.runhook.domain.signing;

import dev.runhook.domain.text.TextLimits;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// The secret that a webhook and its receiver share. For every signature scheme, the key is the
/// UTF-8 bytes of the text as typed. [#toString] hides the text; only [#reveal] returns it.
///
/// If the stored secret cannot be decrypted, using it throws a [SecretDecryptionException].
public final class SigningSecret {
  private static final String PREFIX = "whsec_";
  private static final int RANDOM_BYTES = 32;
  private static final int MAX_LENGTH = 512;

  private final String text;
  private final boolean decrypted;

  private SigningSecret(String text, boolean decrypted) {
    this.text = text;
    this.decrypted = decrypted;
  }

  /// Creates a placeholder for a secret that cannot be decrypted.
  ///
  /// @param error a sentence that explains the cause to users
  public static SigningSecret undecryptable(String error) {
    return new SigningSecret(error, false);
  }

  /// Generates a secret: `whsec_` and 32 random bytes in base64. The generator must be
  /// cryptographically strong.
  public static SigningSecret generate(RandomGenerator random) {
    byte[] bytes = new byte[RANDOM_BYTES];
    random.nextBytes(bytes);
    return new SigningSecret(PREFIX + Base64.getEncoder().encodeToString(bytes), true);
  }

  /// Parses a secret that a user chose. A secret that is blank, contains control characters or has
  /// more than 512 characters is refused. The messages do not quote the secret.
  public static SigningSecret parse(String text) {
    if (text.isBlank()) {
      throw new IllegalArgumentException("the secret is blank; enter a secret, or omit it");
    }
    if (text.length() > MAX_LENGTH) {
      throw new IllegalArgumentException("the secret is longer than " + MAX_LENGTH + " characters");
    }
    TextLimits.requirePrintable("the secret", text);
    return new SigningSecret(text, true);
  }

  public boolean isDecrypted() {
    return decrypted;
  }

  /// Returns why the secret cannot be decrypted, or nothing if it can.
  public Optional<String> decryptionError() {
    return decrypted ? Optional.empty() : Optional.of(text);
  }

  public String reveal() {
    if (!decrypted) {
      throw new SecretDecryptionException(text);
    }
    return text;
  }

  /// Returns the form of the same key that Standard Webhooks libraries expect: `whsec_` and the key
  /// in base64.
  public String standardForm() {
    return PREFIX + Base64.getEncoder().encodeToString(key());
  }

  byte[] key() {
    return reveal().getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SigningSecret secret
        && secret.decrypted == decrypted
        && secret.text.equals(text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return "(secret)";
  }
}
