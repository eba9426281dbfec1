package dev.runhook.domain.signing;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// The secret that a webhook and its receiver share. Its key is the UTF-8 bytes of the text as
/// typed, for every scheme. It hides itself in [#toString]; only [#reveal] gives it away.
///
/// One whose text cannot be had, because it is kept encrypted and nothing opens it, says so when it
/// is needed, by a [SecretDecryptionException].
public final class SigningSecret {
  private static final String PREFIX = "whsec_";
  private static final int RANDOM_BYTES = 32;
  private static final int LONGEST = 512;

  private final String text;
  private final boolean readable;

  private SigningSecret(String text) {
    this(text, true);
  }

  private SigningSecret(String text, boolean readable) {
    this.text = text;
    this.readable = readable;
  }

  /// One whose text cannot be had.
  ///
  /// @param why a sentence for people
  public static SigningSecret undecryptable(String why) {
    return new SigningSecret(why, false);
  }

  /// A new secret, `whsec_` and 32 random bytes in base64. Give a cryptographically strong
  /// generator.
  public static SigningSecret generate(RandomGenerator random) {
    byte[] bytes = new byte[RANDOM_BYTES];
    random.nextBytes(bytes);
    return new SigningSecret(PREFIX + Base64.getEncoder().encodeToString(bytes));
  }

  /// The secret that a person chose; refuses blank ones, control characters and more than 512
  /// characters. The messages do not quote it.
  public static SigningSecret parse(String text) {
    if (text.isBlank()) {
      throw new IllegalArgumentException("the secret is blank; give some text, or leave it out");
    }
    if (text.length() > LONGEST) {
      throw new IllegalArgumentException("the secret is longer than " + LONGEST + " characters");
    }
    if (text.codePoints()
        .anyMatch(c -> Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE)) {
      throw new IllegalArgumentException(
          "the secret has a control character or half a character in it");
    }
    return new SigningSecret(text);
  }

  /// Whether its text can be had.
  public boolean isDecrypted() {
    return readable;
  }

  /// Why its text cannot be had, a sentence for people; absent where it can.
  public Optional<String> decryptionError() {
    return readable ? Optional.empty() : Optional.of(text);
  }

  /// The text itself, for whoever may know it.
  public String reveal() {
    if (!readable) {
      throw new SecretDecryptionException(text);
    }
    return text;
  }

  /// The text that Standard Webhooks libraries want for the same key: `whsec_` and the key in
  /// base64.
  public String standardForm() {
    return PREFIX + Base64.getEncoder().encodeToString(key());
  }

  byte[] key() {
    return reveal().getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SigningSecret secret
        && secret.readable == readable
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
