package dev.runhook.domain.account;

import java.util.Base64;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/// What a browser shows to go on with a session: 256 random bits in base64url. It hides itself in
/// [#toString]; only [#reveal] gives it away.
public final class SessionKey {
  private static final int BYTES = 32;
  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_-]{43}");

  private final String text;

  private SessionKey(String text) {
    this.text = text;
  }

  /// A new one. Give a cryptographically strong generator.
  public static SessionKey generate(RandomGenerator random) {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    return new SessionKey(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
  }

  /// The key, if the text has the form of one; whether it is one, only the store knows.
  public static Optional<SessionKey> parse(String text) {
    return FORM.matcher(text).matches() ? Optional.of(new SessionKey(text)) : Optional.empty();
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
