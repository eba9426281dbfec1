package dev.runhook.http;

import dev.runhook.application.Refusal.NotAuthenticated;
import dev.runhook.application.RefusedException;
import dev.runhook.application.access.Access;
import dev.runhook.application.access.SignIn;
import dev.runhook.application.access.SignIn.Ongoing;
import dev.runhook.domain.account.Grant;
import dev.runhook.domain.account.PageSession;
import io.javalin.http.Context;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Who asks: by a token in the header `Authorization`, or else by the cookie of a session at the
/// page. A cookie comes along with whatever a browser is made to send, so it counts only for what
/// our own page sends.
final class Bearers {
  private static final String SCHEME = "bearer ";
  private static final String IDENTIFIED = "dev.runhook.http.identified";

  private final Access access;
  private final SignIn signIn;

  Bearers(Access access, SignIn signIn) {
    this.access = access;
    this.signIn = signIn;
  }

  /// @param session absent where a token was shown
  record Bearer(Grant grant, Optional<PageSession> session) {}

  Bearer of(Context context) {
    Bearer bearer = identified(context);
    context.attribute(IDENTIFIED, bearer.grant());
    return bearer;
  }

  /// Who asked, if that was asked for and is known.
  static Optional<Grant> findIdentified(Context context) {
    return Optional.ofNullable(context.attribute(IDENTIFIED));
  }

  private Bearer identified(Context context) {
    List<String> headers = Collections.list(context.req().getHeaders("Authorization"));
    Optional<String> key = SessionCookie.keyIn(context);
    if (headers.isEmpty() && key.isPresent()) {
      SameSite.require(context);
      Ongoing ongoing = signIn.resume(key.get(), Origin.of(context));
      return new Bearer(ongoing.grant(), Optional.of(ongoing.session()));
    }
    return new Bearer(access.authenticate(token(context), Origin.of(context)), Optional.empty());
  }

  static String token(Context context) {
    List<String> headers = Collections.list(context.req().getHeaders("Authorization"));
    if (headers.size() != 1 || !headers.getFirst().toLowerCase(Locale.ROOT).startsWith(SCHEME)) {
      throw new RefusedException(new NotAuthenticated());
    }
    return headers.getFirst().substring(SCHEME.length()).strip();
  }
}
