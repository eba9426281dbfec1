package dev.runhook.http.security;

import dev.runhook.domain.account.WebSession;
import io.javalin.http.Context;
import java.util.Optional;
import java.util.stream.Stream;

/// The cookie that a session's key is kept in: no script can read it, and it goes to us alone.
///
/// Over TLS it is `Secure` and its name has the prefix that keeps others from setting it. Whether
/// there is TLS between the browser and whoever is in front of us, the browser says itself.
public final class SessionCookie {
  private static final String NAME = "runhook_session";
  private static final String SECURE_NAME = "__Host-" + NAME;

  private SessionCookie() {}

  public static Optional<String> findKey(Context context) {
    return Stream.of(SECURE_NAME, NAME)
        .flatMap(name -> Optional.ofNullable(context.cookie(name)).stream())
        .findFirst();
  }

  /// The value of `Set-Cookie` that keeps the key.
  public static String create(String key, Context context) {
    return written(key, WebSession.MAX_LIFETIME.toSeconds(), isSecure(context));
  }

  /// The value of `Set-Cookie` that takes it away again.
  public static String expire(Context context) {
    return written("", 0, context.cookie(SECURE_NAME) != null);
  }

  private static String written(String key, long seconds, boolean secure) {
    return (secure ? SECURE_NAME : NAME)
        + "="
        + key
        + "; Path=/; Max-Age="
        + seconds
        + "; HttpOnly; SameSite=Strict"
        + (secure ? "; Secure" : "");
  }

  /// Whoever lies here keeps only their own cookie from coming back.
  private static boolean isSecure(Context context) {
    return context.scheme().equals("https")
        || String.valueOf(context.header("Origin")).startsWith("https://")
        || "https".equals(context.header("X-Forwarded-Proto"));
  }
}
