package dev.runhook.domain.account;

import java.util.Base64;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/// The secret in a browser's session cookie, or in a link that signs in once: 256 random bits in
/// base64url. [#toString] hides it; only [#reveal] returns it.
public final class SessionKey {
  private static final int BYTES = 32;
  private static final Pattern FORMAT = Pattern.compile("[A-Za-z0-9_-]{43}");

  private final String text;

  private SessionKey(String text) {
    this.text = text;
  }

  /// Generates a key. The generator must be cryptographically strong.
  public static SessionKey generate(RandomGenerator random) {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    return new SessionKey(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
  }

  /// Returns the key if the text has the format of one. Only the store knows whether it is valid.
  public static Optional<SessionKey> parse(String text) {
    return FORMAT.matcher(text).matches() ? Optional.of(new SessionKey(text)) : Optional.empty();
  }

  public String reveal() {
    return text;
  }

  public SessionId id() {
    return new SessionId(TokenHash.of(text).hex());
  }

  @Override
  public String toString() {
    return "(session key)";
  }
}
