package dev.runhook.domain.account;

import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/// The secret text of a token: `rhk_`, 256 random bits as 43 base-62 characters, and 6 checksum
/// characters (the CRC-32 of the 43). The checksum detects typing errors, and lets scanners for
/// leaked secrets recognize a token without a lookup. [#toString] hides the text; only [#reveal]
/// returns it.
public final class TokenSecret {
  private static final String PREFIX = "rhk_";
  private static final String ALPHABET =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  private static final int RANDOM_CHARACTERS = 43; // 62^43 > 2^256
  private static final int CHECKSUM_CHARACTERS = 6;
  private static final Pattern FORMAT =
      Pattern.compile(PREFIX + "[0-9A-Za-z]{" + (RANDOM_CHARACTERS + CHECKSUM_CHARACTERS) + "}");

  private final String text;

  private TokenSecret(String text) {
    this.text = text;
  }

  /// The result of checking whether a string has the format of a token.
  public enum Format {
    /// The format and the checksum are correct. Only the store knows whether the token is valid.
    VALID,
    /// A token with a wrong or missing character.
    MALFORMED,
    /// The string does not look like a generated token.
    UNRECOGNIZED
  }

  /// Generates a token. The generator must be cryptographically strong.
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
    if (!FORMAT.matcher(text).matches()) {
      return Format.MALFORMED;
    }
    int end = PREFIX.length() + RANDOM_CHARACTERS;
    boolean checksumMatches =
        checksum(text.substring(PREFIX.length(), end)).equals(text.substring(end));
    return checksumMatches ? Format.VALID : Format.MALFORMED;
  }

  /// Returns the text, which is shown only once.
  public String reveal() {
    return text;
  }

  public TokenHash hash() {
    return TokenHash.of(text);
  }

  private static String checksum(String characters) {
    CRC32 crc = new CRC32();
    crc.update(characters.getBytes(StandardCharsets.US_ASCII));
    StringBuilder checksum = new StringBuilder();
    long remaining = crc.getValue();
    for (int i = 0; i < CHECKSUM_CHARACTERS; i++) {
      checksum.insert(0, ALPHABET.charAt((int) (remaining % ALPHABET.length())));
      remaining /= ALPHABET.length();
    }
    return checksum.toString();
  }

  @Override
  public String toString() {
    return "(token)";
  }
}
