package dev.runhook.http.security;

import dev.runhook.application.Refusal.NotAuthenticated;
import dev.runhook.application.RefusedException;
import dev.runhook.application.access.Access;
import dev.runhook.application.access.SignIn;
import dev.runhook.application.access.SignIn.ActiveSession;
import dev.runhook.domain.account.Grant;
import dev.runhook.domain.account.WebSession;
import io.javalin.http.Context;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Who asks: by a token in the header `Authorization`, or else by the cookie of a session at the
/// page. A cookie comes along with whatever a browser is made to send, so it counts only for what
/// our own page sends.
public final class Authenticator {
  private static final String SCHEME = "bearer ";
  private static final String IDENTIFIED = "dev.runhook.http.identified";

  private final Access access;
  private final SignIn signIn;

  public Authenticator(Access access, SignIn signIn) {
    this.access = access;
    this.signIn = signIn;
  }

  /// @param session absent where a token was shown
  public record Principal(Grant grant, Optional<WebSession> session) {}

  public Principal authenticate(Context context) {
    Principal principal = identified(context);
    context.attribute(IDENTIFIED, principal.grant());
    return principal;
  }

  /// Who asked, if that was asked for and is known.
  public static Optional<Grant> findGrant(Context context) {
    return Optional.ofNullable(context.attribute(IDENTIFIED));
  }

  private Principal identified(Context context) {
    List<String> headers = Collections.list(context.req().getHeaders("Authorization"));
    Optional<String> key = SessionCookie.findKey(context);
    if (headers.isEmpty() && key.isPresent()) {
      CsrfGuard.requireSameOrigin(context);
      ActiveSession activeSession = signIn.resume(key.get(), ClientAddress.of(context));
      return new Principal(activeSession.grant(), Optional.of(activeSession.session()));
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
