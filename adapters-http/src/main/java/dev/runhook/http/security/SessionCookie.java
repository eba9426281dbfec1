package dev.runhook.http.security;

import dev.runhook.domain.account.WebSession;
import io.javalin.http.Context;
import jakarta.servlet.http.Cookie;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// The cookie that holds the key of a session. Scripts cannot read it, and browsers send it to this
/// host only.
///
/// Over TLS, the cookie is `Secure`, and its name has the prefix `__Host-`, so other hosts cannot
/// set it. No other cookie counts then. If a reverse proxy terminates TLS, the request's `Origin`
/// or `X-Forwarded-Proto` header indicates TLS. Below a prefix of a host, the cookie is only for
/// the paths below it, which `__Host-` does not allow; the name then has the prefix `__Secure-`.
public final class SessionCookie {
  private static final String NAME = "runhook_session";
  private static final int MAX_KEYS = 4;

  private SessionCookie() {}

  /// Returns the keys in the cookies of the request. Without TLS there may be several, because
  /// other hosts can set cookies of that name as well.
  public static List<String> findKeys(Context context) {
    List<String> secure = values(context, secureName(context));
    return secure.isEmpty() && !isSecure(context) ? values(context, NAME) : secure;
  }

  private static List<String> values(Context context, String name) {
    return Stream.ofNullable(context.req().getCookies())
        .flatMap(Arrays::stream)
        .filter(cookie -> cookie.getName().equals(name))
        .map(Cookie::getValue)
        .limit(MAX_KEYS)
        .toList();
  }

  /// Returns the value of `Set-Cookie` that stores the key.
  public static String create(String key, Context context) {
    return setCookie(key, WebSession.MAX_LIFETIME.toSeconds(), isSecure(context), context);
  }

  /// Returns the value of `Set-Cookie` that removes the cookie.
  public static String expire(Context context) {
    return setCookie("", 0, context.cookie(secureName(context)) != null, context);
  }

  private static String setCookie(String key, long seconds, boolean secure, Context context) {
    return "%s=%s; Path=%s; Max-Age=%s; HttpOnly; SameSite=Strict%s"
        .formatted(
            secure ? secureName(context) : NAME,
            key,
            context.contextPath().isEmpty() ? "/" : context.contextPath(),
            seconds,
            secure ? "; Secure" : "");
  }

  private static String secureName(Context context) {
    return (context.contextPath().isEmpty() ? "__Host-" : "__Secure-") + NAME;
  }

  /// A client that forges these headers only loses its own cookie.
  private static boolean isSecure(Context context) {
    return context.scheme().equals("https")
        || String.valueOf(context.header("Origin")).startsWith("https://")
        || "https".equals(context.header("X-Forwarded-Proto"));
  }
}
