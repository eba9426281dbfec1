package dev.runhook.http.security;

import dev.runhook.http.json.Problem;
import dev.runhook.http.json.ProblemException;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.net.URI;
import java.util.Optional;
import java.util.Set;

/// Protects sessions against cross-site request forgery, in addition to the cookie's
/// `SameSite=Strict`. The request must come from the same origin according to `Sec-Fetch-Site`, or
/// to `Origin` if the browser does not send that header. A request that changes something must also
/// have the header [#HEADER], which other sites can only set after a CORS preflight. Runhook never
/// approves one.
public final class CsrfGuard {
  public static final String HEADER = "X-Runhook-Csrf";
  private static final Set<HandlerType> SAFE_METHODS = Set.of(HandlerType.GET, HandlerType.HEAD);

  private CsrfGuard() {}

  /// @throws ProblemException if another site may have sent the request
  public static void requireSameOrigin(Context context) {
    boolean isSafe = SAFE_METHODS.contains(context.method());
    if (!isSameOrigin(context, isSafe) || (!isSafe && context.header(HEADER) == null)) {
      throw new ProblemException(
          Problem.of(
              403,
              "cross-site",
              "a session is valid only for the web UI of this server; scripts must send a token "
                  + "(the web UI itself sends \"%s: 1\")".formatted(HEADER)));
    }
  }

  private static boolean isSameOrigin(Context context, boolean isSafe) {
    Optional<String> site = Optional.ofNullable(context.header("Sec-Fetch-Site"));
    if (site.isPresent()) {
      return site.get().equals("same-origin") || (isSafe && site.get().equals("none"));
    }
    return Optional.ofNullable(context.header("Origin"))
        .map(origin -> authority(origin).equals(Optional.ofNullable(context.header("Host"))))
        .orElse(true);
  }

  private static Optional<String> authority(String origin) {
    try {
      return Optional.ofNullable(URI.create(origin).getRawAuthority());
    } catch (IllegalArgumentException ignored) {
      return Optional.empty();
    }
  }
}
