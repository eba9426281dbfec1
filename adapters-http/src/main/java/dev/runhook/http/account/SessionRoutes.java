package dev.runhook.http.account;

import static io.javalin.http.HandlerType.DELETE;
import static io.javalin.http.HandlerType.GET;
import static io.javalin.http.HandlerType.POST;

import dev.runhook.application.access.SignIn;
import dev.runhook.application.refusal.Refusal;
import dev.runhook.application.refusal.RefusedException;
import dev.runhook.domain.account.Browser;
import dev.runhook.domain.account.Grant;
import dev.runhook.domain.account.Role;
import dev.runhook.domain.account.WebSession;
import dev.runhook.domain.text.TextLimits;
import dev.runhook.http.api.ApiRequest;
import dev.runhook.http.api.ApiResponse;
import dev.runhook.http.api.ProblemMapper;
import dev.runhook.http.api.RequestScheduler;
import dev.runhook.http.api.Routes;
import dev.runhook.http.json.Decoder;
import dev.runhook.http.json.JsonObjectReader;
import dev.runhook.http.json.ProblemException;
import dev.runhook.http.security.Authenticator;
import dev.runhook.http.security.ClientAddress;
import dev.runhook.http.security.CsrfGuard;
import dev.runhook.http.security.SessionCookie;
import io.javalin.http.Context;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/// Routes for sessions of the web UI at `/session`. A user sends a token, or the code of a sign-in
/// link, once and gets a cookie for the following requests, unless the host signs its users in.
public final class SessionRoutes {
  private static final String SESSION = "/session";
  private static final String TOKEN = "token";
  private static final String CODE = "code";

  /// The database that has the sessions.
  private static final int HOME = 0;

  private static final int MAX_BODY_BYTES = 4 * 1024;

  private final SignIn signIn;
  private final RequestScheduler scheduler;
  private final Role secretsVisibleTo;
  private final String version;
  private final boolean startsSessions;

  /// @param secretsVisibleTo the lowest role that may read secrets
  /// @param version the version of the server
  /// @param startsSessions false if the host signs its users in
  public SessionRoutes(
      SignIn signIn,
      RequestScheduler scheduler,
      Role secretsVisibleTo,
      String version,
      boolean startsSessions) {
    this.signIn = signIn;
    this.startsSessions = startsSessions;
    this.scheduler = scheduler;
    this.secretsVisibleTo = secretsVisibleTo;
    this.version = version;
  }

  /// The caller and its permissions, with the fields of its session in the list of sessions.
  ///
  /// @param id null for a token or a user of the host, like `startedAt`, `lastUsedAt` and
  ///   `expiresAt`
  /// @param browser the short name of the program that started the session, or null
  /// @param stacks null for all
  record SessionJson(
      Optional<String> id,
      String account,
      String name,
      String token,
      String role,
      Optional<List<String>> stacks,
      boolean canReadSecrets,
      Optional<String> browser,
      Optional<Instant> startedAt,
      Optional<Instant> lastUsedAt,
      Optional<Instant> expiresAt,
      String serverVersion) {}

  /// Whom a sign-in link signs in.
  ///
  /// @param stacks null for all
  record SignInPreviewJson(
      String account, String name, String role, Optional<List<String>> stacks) {}

  /// What a user signs in with: a token, or the code of a sign-in link.
  ///
  /// @param field the name of the field in the request
  private record Credential(String field, String text) {
    boolean isCode() {
      return field.equals(CODE);
    }
  }

  private SessionJson json(Grant grant, Optional<WebSession> session) {
    return new SessionJson(
        session.map(current -> current.id().hex()),
        grant.account().name(),
        grant.name(),
        grant.token().toString(),
        role(grant),
        TokenRoutes.stackIds(grant.stackScope()),
        grant.role().covers(secretsVisibleTo),
        session.flatMap(current -> current.owner().browser().name()),
        session.map(WebSession::startedAt),
        session.map(WebSession::lastUsedAt),
        session.map(WebSession::expiresAt),
        version);
  }

  private static String role(Grant grant) {
    return grant.role().name().toLowerCase(Locale.ROOT);
  }

  public void mount(Routes routes) {
    if (startsSessions) {
      routes.open(POST, ApiResponse.BASE_PATH + SESSION, this::start);
      routes.open(POST, ApiResponse.BASE_PATH + SESSION + "/preview", this::preview);
    }
    routes.account(
        GET,
        SESSION,
        Role.READER,
        request -> ApiResponse.ok(json(request.grant(), request.findSession())));
    routes.account(DELETE, SESSION, Role.READER, this::end);
  }

  /// Signing in is protected too. Otherwise, another site could sign a browser in, and the user
  /// would work in the attacker's account. The session that the browser had before ends.
  private ApiResponse start(Context context) {
    CsrfGuard.requireSameOrigin(context);
    Credential credential = ApiRequest.readBody(context, MAX_BODY_BYTES, SessionRoutes::credential);
    Grant grant = authenticate(credential, ClientAddress.of(context));
    Authenticator.setGrant(context, grant);
    Browser browser = new Browser(Objects.requireNonNullElse(context.userAgent(), ""));
    SignIn.NewSession created =
        scheduler.act(grant.account(), HOME, () -> start(credential, grant, browser));
    SessionCookie.findKeys(context).forEach(signIn::signOut);
    SessionJson json = json(created.active().grant(), Optional.of(created.active().session()));
    return ApiResponse.of(201, json)
        .withHeader("Set-Cookie", SessionCookie.create(created.key().reveal(), context));
  }

  private SignIn.NewSession start(Credential credential, Grant grant, Browser browser) {
    return credential.isCode()
        ? reported(credential, () -> signIn.startByLink(credential.text(), grant, browser))
        : signIn.start(credential.text(), grant, browser);
  }

  /// A page shows this before the user signs in. Otherwise, a program that opens the link to show a
  /// preview of the page would use it up.
  private ApiResponse preview(Context context) {
    CsrfGuard.requireSameOrigin(context);
    Credential code = ApiRequest.readBody(context, MAX_BODY_BYTES, SessionRoutes::code);
    Grant grant = authenticate(code, ClientAddress.of(context));
    Authenticator.setGrant(context, grant);
    return ApiResponse.ok(
        new SignInPreviewJson(
            grant.account().name(),
            grant.name(),
            role(grant),
            TokenRoutes.stackIds(grant.stackScope())));
  }

  private ApiResponse end(ApiRequest request) {
    request.requireEmptyBody();
    request.findSessionKey().ifPresent(signIn::signOut);
    return ApiResponse.noContent()
        .withHeader("Set-Cookie", request.expiredSessionCookie())
        .withHeader("Clear-Site-Data", "\"cache\"");
  }

  private Grant authenticate(Credential credential, String clientAddress) {
    return reported(
        credential,
        () ->
            credential.isCode()
                ? signIn.findByLink(credential.text(), clientAddress)
                : signIn.authenticate(credential.text(), clientAddress));
  }

  /// Reports at its field that a credential is not valid.
  private static <T> T reported(Credential credential, Supplier<T> use) {
    try {
      return use.get();
    } catch (RefusedException e) {
      if (e.refusal() instanceof Refusal.TokenUnknown
          || e.refusal() instanceof Refusal.TokenMalformed
          || e.refusal() instanceof Refusal.SignInLinkInvalid) {
        throw new ProblemException(
            ProblemMapper.toProblem(e.refusal()).withErrorAt("/" + credential.field()));
      }
      throw e;
    }
  }

  private static Optional<Credential> credential(JsonObjectReader fields) {
    return fields.fieldNames().contains(CODE) ? code(fields) : required(fields, TOKEN);
  }

  private static Optional<Credential> code(JsonObjectReader fields) {
    return required(fields, CODE);
  }

  private static Optional<Credential> required(JsonObjectReader fields, String name) {
    Optional<String> text =
        fields.required(name, Decoder.nonBlankText(TextLimits.MAX_TEXT).map(String::strip));
    return fields.build(() -> new Credential(name, text.orElseThrow()));
  }
}
