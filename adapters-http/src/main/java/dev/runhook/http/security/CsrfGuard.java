package dev.runhook.http.security;

import dev.runhook.http.json.Problem;
import dev.runhook.http.json.ProblemException;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.net.URI;
import java.util.Optional;
import java.util.Set;

/// Whether a browser sends a request for our own page, and not because another site makes it.
///
/// Three walls besides the cookie's `SameSite=Strict`: what the browser says of where the request
/// comes from (`Sec-Fetch-Site`, and `ClientAddress` where it does not), and, for whatever changes
/// something, a header that another site's page may not set without asking us, which we never
/// grant.
public final class CsrfGuard {
  public static final String HEADER = "X-Runhook-Page";
  private static final Set<HandlerType> READING = Set.of(HandlerType.GET, HandlerType.HEAD);

  private CsrfGuard() {}

  /// Ends the request where it may be another site's.
  public static void requireSameOrigin(Context context) {
    boolean reads = READING.contains(context.method());
    if (!comesFromUs(context, reads) || (!reads && context.header(HEADER) == null)) {
      throw new ProblemException(
          Problem.of(
              403,
              "cross-site",
              "a session is good for its own page alone: send \""
                  + HEADER
                  + ": 1\" from there, or show a token instead of the cookie"));
    }
  }

  private static boolean comesFromUs(Context context, boolean reads) {
    Optional<String> site = Optional.ofNullable(context.header("Sec-Fetch-Site"));
    if (site.isPresent()) {
      return site.get().equals("same-origin") || (reads && site.get().equals("none"));
    }
    return Optional.ofNullable(context.header("Origin"))
        .map(origin -> authority(origin).equals(Optional.ofNullable(context.header("Host"))))
        .orElse(true);
  }

  private static Optional<String> authority(String origin) {
    try {
      return Optional.ofNullable(URI.create(origin).getRawAuthority());
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }
}
