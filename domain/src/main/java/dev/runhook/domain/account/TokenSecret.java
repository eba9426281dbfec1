package dev.runhook.domain.account;

import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/// The text of a token: `rhk_`, 256 random bits as 43 characters of base 62, and 6 characters of
/// checksum (CRC-32 of the 43), by which a typing error, or a find of a scanner for leaked secrets,
/// is told without asking anybody. It hides itself in [#toString]; only [#reveal] gives it away.
public final class TokenSecret {
  private static final String PREFIX = "rhk_";
  private static final String ALPHABET =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  private static final int RANDOM_CHARACTERS = 43; // 62^43 > 2^256
  private static final int CHECKSUM_CHARACTERS = 6;
  private static final Pattern FORM =
      Pattern.compile(PREFIX + "[0-9A-Za-z]{" + (RANDOM_CHARACTERS + CHECKSUM_CHARACTERS) + "}");

  private final String text;

  private TokenSecret(String text) {
    this.text = text;
  }

  /// What a text that somebody gives as a token looks like.
  public enum Format {
    /// As one that was generated; whether it is, only the store knows.
    VALID,
    /// Meant to be one, but a character is wrong or missing.
    MALFORMED,
    /// Nothing that was ever generated.
    UNRECOGNIZED
  }

  /// A new one. Give a cryptographically strong generator.
  public static TokenSecret generate(RandomGenerator random) {
    StringBuilder characters = new StringBuilder();
    random
        .ints(RANDOM_CHARACTERS, 0, ALPHABET.length())
        .forEach(i -> characters.append(ALPHABET.charAt(i)));
    return new TokenSecret(PREFIX + characters + checksum(characters.toString()));
  }

  public static Format formatOf(String text) {
    if (!text.startsWith(PREFIX)) {
      return Format.UNRECOGNIZED;
    }
    if (!FORM.matcher(text).matches()) {
      return Format.MALFORMED;
    }
    int end = PREFIX.length() + RANDOM_CHARACTERS;
    boolean fits = checksum(text.substring(PREFIX.length(), end)).equals(text.substring(end));
    return fits ? Format.VALID : Format.MALFORMED;
  }

  /// The text itself, to be shown once.
  public String reveal() {
    return text;
  }

  public TokenHash hash() {
    return TokenHash.of(text);
  }

  private static String checksum(String characters) {
    CRC32 crc = new CRC32();
    crc.update(characters.getBytes(StandardCharsets.US_ASCII));
    StringBuilder sum = new StringBuilder();
    long rest = crc.getValue();
    for (int i = 0; i < CHECKSUM_CHARACTERS; i++) {
      sum.insert(0, ALPHABET.charAt((int) (rest % ALPHABET.length())));
      rest /= ALPHABET.length();
    }
    return sum.toString();
  }

  @Override
  public String toString() {
    return "(token)";
  }
}
