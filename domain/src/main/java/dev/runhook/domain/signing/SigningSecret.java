package dev.runhook.domain.signing;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.runhook.domain.text.TextLimits;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// The secret that a webhook and its receiver share. The key of `X-Signature` and `X-Signature-256`
/// is the UTF-8 bytes of the text as typed. The key of `webhook-signature` is the same, except for
/// the Standard Webhooks form, `whsec_` and 24 to 64 bytes in base64, whose key is the decoded
/// bytes. A secret of that form therefore verifies, as it is, with GitHub-style code and with
/// Standard Webhooks libraries. [#toString] hides the text; only [#reveal] returns it.
///
/// If the stored secret cannot be decrypted, using it throws a [SecretDecryptionException].
public final class SigningSecret {
  private static final String PREFIX = "whsec_";
  private static final int RANDOM_BYTES = 32;
  private static final int MIN_STANDARD_BYTES = 24;
  private static final int MAX_STANDARD_BYTES = 64;
  private static final int MAX_LENGTH = 512;
  private static final int RECOMMENDED_LENGTH = 16;

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

  /// Returns the text that Standard Webhooks libraries need: `whsec_` and the key of
  /// `webhook-signature` in base64. A secret of that form is returned as it is.
  public String standardForm() {
    return PREFIX + Base64.getEncoder().encodeToString(standardKey());
  }

  /// Returns what is unsafe about this secret, in sentences for users. Empty if nothing is.
  public List<String> warnings() {
    boolean isShort = decrypted && text.codePointCount(0, text.length()) < RECOMMENDED_LENGTH;
    return isShort
        ? List.of(
            "The secret has fewer than "
                + RECOMMENDED_LENGTH
                + " characters and may be guessed. Use a longer one, or have one generated.")
        : List.of();
  }

  byte[] key() {
    return reveal().getBytes(UTF_8);
  }

  byte[] standardKey() {
    return standardKey(reveal());
  }

  /// Returns the key of `webhook-signature` for any text.
  public static byte[] standardKey(String text) {
    if (text.startsWith(PREFIX)) {
      try {
        byte[] decoded = Base64.getDecoder().decode(text.substring(PREFIX.length()));
        if (decoded.length >= MIN_STANDARD_BYTES && decoded.length <= MAX_STANDARD_BYTES) {
          return decoded;
        }
      } catch (IllegalArgumentException ignored) {
        // not base64
      }
    }
    return text.getBytes(UTF_8);
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
