package dev.runhook.http.api;

import io.javalin.http.Context;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;

/// The id of a request in logs and responses: the caller's `X-Request-Id` if it is short and has
/// only safe characters, and a generated id otherwise.
public final class RequestId {
  static final String HEADER = "X-Request-Id";
  private static final String ATTRIBUTE = "dev.runhook.http.requestId";
  private static final Pattern SAFE = Pattern.compile("[A-Za-z0-9._:/+=@-]{1,128}");

  private RequestId() {}

  /// Sets the response header `X-Request-Id`.
  public static void assign(Context context) {
    context.header(HEADER, of(context));
  }

  public static String of(Context context) {
    String assigned = context.attribute(ATTRIBUTE);
    if (assigned != null) {
      return assigned;
    }
    String received = context.req().getHeader(HEADER);
    String id = received != null && SAFE.matcher(received).matches() ? received : generate();
    context.attribute(ATTRIBUTE, id);
    return id;
  }

  /// The id only has to be unique, not unpredictable.
  private static String generate() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    HexFormat hex = HexFormat.of();
    return hex.toHexDigits(random.nextLong()) + hex.toHexDigits(random.nextLong());
  }
}
