package dev.runhook.http.api;

import io.javalin.http.Context;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The id of a request in logs and responses: the caller's `X-Request-Id` if it is short and has
/// only safe characters, and a generated id otherwise.
public final class RequestId {
  public static final String HEADER = "X-Request-Id";
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
    String id = of(context.req().getHeader(HEADER));
    context.attribute(ATTRIBUTE, id);
    return id;
  }

  /// @param received the value of the request header
  public static String of(@Nullable String received) {
    return received != null && SAFE.matcher(received).matches() ? received : generate();
  }

  /// The id only has to be unique, not unpredictable.
  private static String generate() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    HexFormat hex = HexFormat.of();
    return hex.toHexDigits(random.nextLong()) + hex.toHexDigits(random.nextLong());
  }
}
