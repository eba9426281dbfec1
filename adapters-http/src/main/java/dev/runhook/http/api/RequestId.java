package dev.runhook.http.api;

import io.javalin.http.Context;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;

/// What one request is called in logs and answers: `X-Request-Id` as the caller gave it, if it is
/// short and plain, and else one of ours.
public final class RequestId {
  static final String HEADER = "X-Request-Id";
  private static final String ATTRIBUTE = "dev.runhook.http.requestId";
  private static final Pattern SANE = Pattern.compile("[A-Za-z0-9._:/+=@-]{1,128}");

  private RequestId() {}

  /// Names the request, and tells the caller.
  public static void assign(Context context) {
    context.header(HEADER, of(context));
  }

  public static String of(Context context) {
    String known = context.attribute(ATTRIBUTE);
    if (known != null) {
      return known;
    }
    String given = context.req().getHeader(HEADER);
    String id = given != null && SANE.matcher(given).matches() ? given : made();
    context.attribute(ATTRIBUTE, id);
    return id;
  }

  /// Tells requests apart; guards nothing.
  private static String made() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    HexFormat hex = HexFormat.of();
    return hex.toHexDigits(random.nextLong()) + hex.toHexDigits(random.nextLong());
  }
}
