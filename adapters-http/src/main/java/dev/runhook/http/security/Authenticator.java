package dev.runhook.http.security;

import dev.runhook.application.access.Access;
import dev.runhook.application.access.RateLimit;
import dev.runhook.application.access.SignIn;
import dev.runhook.application.access.SignIn.ActiveSession;
import dev.runhook.application.refusal.Refusal.NotAuthenticated;
import dev.runhook.application.refusal.RefusedException;
import dev.runhook.domain.account.Grant;
import dev.runhook.domain.account.TokenSecret;
import dev.runhook.domain.account.TokenSecret.Format;
import dev.runhook.domain.account.WebSession;
import io.javalin.http.Context;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/// Authenticates a request by the token in the `Authorization` header or, without that header, by
/// the session cookie of the web UI. In a host with [HostUsers], the host's own sign-in replaces
/// the session. Browsers also send cookies with forged requests, so both are accepted only together
/// with the checks of [CsrfGuard].
public final class Authenticator {
  private static final String SCHEME = "bearer ";
  private static final String GRANT = "dev.runhook.http.grant";

  private final Access access;
  private final SignIn signIn;
  private final Optional<Function<HttpServletRequest, Optional<Grant>>> host;

  /// @param host finds the grant of a user of the host; empty if users sign in with tokens
  public Authenticator(
      Access access, SignIn signIn, Optional<Function<HttpServletRequest, Optional<Grant>>> host) {
    this.access = access;
    this.signIn = signIn;
    this.host = host;
  }

  /// The authenticated caller.
  ///
  /// @param session empty if the caller is not signed in to the web UI
  /// @param token the token that the caller sent; empty for users
  public record Principal(Grant grant, Optional<WebSession> session, Optional<String> token) {}

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
    if (host.isPresent() && headers.stream().noneMatch(Authenticator::isToken)) {
      Grant grant =
          host.get()
              .apply(context.req())
              .orElseThrow(() -> new RefusedException(new NotAuthenticated()));
      CsrfGuard.requireSameOrigin(context);
      return new Principal(grant, Optional.empty(), Optional.empty());
    }
    List<String> keys = SessionCookie.findKeys(context);
    if (headers.isEmpty() && !keys.isEmpty()) {
      CsrfGuard.requireSameOrigin(context);
      ActiveSession active = signIn.resume(keys, ClientAddress.of(context));
      return new Principal(active.grant(), Optional.of(active.session()), Optional.empty());
    }
    String token = bearerToken(headers);
    return new Principal(
        access.authenticate(token, ClientAddress.of(context)),
        Optional.empty(),
        Optional.of(token));
  }

  /// Returns whether a header has a token of Runhook, and not a credential of the host.
  private static boolean isToken(String header) {
    return hasScheme(header) && TokenSecret.formatOf(token(header)) != Format.UNRECOGNIZED;
  }

  private static String bearerToken(List<String> headers) {
    if (headers.size() != 1 || !hasScheme(headers.getFirst())) {
      throw new RefusedException(new NotAuthenticated());
    }
    return token(headers.getFirst());
  }

  private static boolean hasScheme(String header) {
    return header.toLowerCase(Locale.ROOT).startsWith(SCHEME);
  }

  private static String token(String header) {
    return header.substring(SCHEME.length()).strip();
  }
}
