package dev.runhook.http;

import static io.javalin.http.HandlerType.DELETE;
import static io.javalin.http.HandlerType.GET;
import static io.javalin.http.HandlerType.POST;

import dev.runhook.application.Refusal;
import dev.runhook.application.RefusedException;
import dev.runhook.application.access.SignIn;
import dev.runhook.domain.account.Grant;
import dev.runhook.domain.account.PageSession;
import dev.runhook.domain.account.Role;
import io.javalin.http.Context;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// `/session`: a person at the page, who shows a token once and goes on with a cookie.
final class SessionRoutes {
  private static final String SESSION = "/session";

  private final SignIn signIn;

  SessionRoutes(SignIn signIn) {
    this.signIn = signIn;
  }

  /// Who asks, and what they may.
  ///
  /// @param stacks null for all
  /// @param endsAt null where a token is shown, which has no end
  record SessionJson(
      String account,
      String name,
      String role,
      @Nullable List<String> stacks,
      @Nullable Instant endsAt) {
    static SessionJson of(Grant grant, Optional<PageSession> session) {
      return new SessionJson(
          grant.account().name(),
          grant.name(),
          grant.role().name().toLowerCase(Locale.ROOT),
          TokenRoutes.stacks(grant.reach()),
          session.map(PageSession::endsAt).orElse(null));
    }
  }

  void mount(Routes routes) {
    routes.guest(POST, SESSION, this::start);
    routes.account(
        GET, SESSION, Role.READER, call -> Answer.ok(SessionJson.of(call.grant(), call.session())));
    routes.account(DELETE, SESSION, Role.READER, this::end);
  }

  /// Another site must not sign a browser in either: what is done then would be another's to see.
  private Answer start(Context context) {
    SameSite.require(context);
    String token = Call.body(context, SessionRoutes::token);
    SignIn.Started started = signedIn(token, Origin.of(context));
    SessionJson json =
        SessionJson.of(started.ongoing().grant(), Optional.of(started.ongoing().session()));
    return Answer.of(201, json)
        .with("Set-Cookie", SessionCookie.keeping(started.key().reveal(), context));
  }

  private Answer end(Call call) {
    call.requireNothingSaid();
    call.sessionKey().ifPresent(signIn::signOut);
    return Answer.noContent().with("Set-Cookie", call.forgottenSession());
  }

  private SignIn.Started signedIn(String token, String origin) {
    try {
      return signIn.signIn(token, origin);
    } catch (RefusedException e) {
      throw switch (e.refusal()) {
        case Refusal.TokenUnknown _, Refusal.TokenDamaged _ ->
            new ProblemException(Problems.problem(e.refusal()).at("/token"));
        default -> e;
      };
    }
  }

  private static Optional<String> token(Fields fields) {
    Optional<String> token = fields.required("token", Form.NON_BLANK_TEXT.as(String::strip));
    return fields.make(token::orElseThrow);
  }
}
