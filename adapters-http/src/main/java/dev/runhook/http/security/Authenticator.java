package dev.runhook.http.security;

import dev.runhook.application.access.Access;
import dev.runhook.application.access.RateLimit;
import dev.runhook.application.access.SignIn;
import dev.runhook.application.access.SignIn.ActiveSession;
import dev.runhook.application.refusal.Refusal.NotAuthenticated;
import dev.runhook.application.refusal.RefusedException;
import dev.runhook.domain.account.Grant;
import dev.runhook.domain.account.WebSession;
import io.javalin.http.Context;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Authenticates a request by the token in the `Authorization` header or, without that header, by
/// the session cookie of the web UI. Browsers also send the cookie with forged requests, so it is
/// accepted only together with the checks of [CsrfGuard].
public final class Authenticator {
  private static final String SCHEME = "bearer ";
  private static final String GRANT = "dev.runhook.http.grant";

  private final Access access;
  private final SignIn signIn;

  public Authenticator(Access access, SignIn signIn) {
    this.access = access;
    this.signIn = signIn;
  }

  /// The authenticated caller.
  ///
  /// @param session empty if the caller sent a token
  public record Principal(Grant grant, Optional<WebSession> session) {}

  /// @throws RefusedException if the token or the session is missing or invalid
  public Principal authenticate(Context context) {
    Principal principal = principal(context);
    setGrant(context, principal.grant());
    access.requestLimit(principal.grant()).ifPresent(limit -> addHeaders(limit, context));
    return principal;
  }

  /// The fields of draft-ietf-httpapi-ratelimit-headers-11.
  private static void addHeaders(RateLimit limit, Context context) {
    context.header(
        "RateLimit-Policy",
        "\"requests\";q=%d;w=%d".formatted(limit.quota(), limit.window().toSeconds()));
    context.header(
        "RateLimit",
        "\"requests\";r=%d;t=%d".formatted(limit.remaining(), limit.reset().toSeconds()));
  }

  /// Marks a request as authenticated by other means.
  public static void setGrant(Context context, Grant grant) {
    context.attribute(GRANT, grant);
  }

  /// Returns the caller's grant if the request has been authenticated.
  public static Optional<Grant> findGrant(Context context) {
    return Optional.ofNullable(context.attribute(GRANT));
  }

  private Principal principal(Context context) {
    List<String> headers = Collections.list(context.req().getHeaders("Authorization"));
    List<String> keys = SessionCookie.findKeys(context);
    if (headers.isEmpty() && !keys.isEmpty()) {
      CsrfGuard.requireSameOrigin(context);
      ActiveSession active = signIn.resume(keys, ClientAddress.of(context));
      return new Principal(active.grant(), Optional.of(active.session()));
    }
    return new Principal(
        access.authenticate(bearerToken(context), ClientAddress.of(context)), Optional.empty());
  }

  public static String bearerToken(Context context) {
    List<String> headers = Collections.list(context.req().getHeaders("Authorization"));
    if (headers.size() != 1 || !headers.getFirst().toLowerCase(Locale.ROOT).startsWith(SCHEME)) {
      throw new RefusedException(new NotAuthenticated());
    }
    return headers.getFirst().substring(SCHEME.length()).strip();
  }
}
