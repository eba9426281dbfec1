package dev.runhook.domain.trace;

import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The span that a report was made in, by W3C Trace Context (Recommendation of 2021), and what
/// tracing systems said of it besides.
///
/// @param traceId 32 lower-case hexadecimal digits, not all 0
/// @param parentId of the span, 16 lower-case hexadecimal digits, not all 0
/// @param flags 2 lower-case hexadecimal digits; the last bit says whether the trace is recorded
/// @param state `tracestate` as it was given; empty for none
public record TraceContext(String traceId, String parentId, String flags, String tracestate) {
  private static final Pattern PARENT =
      Pattern.compile("([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?");

  /// Visible ASCII, blanks and tabs; receivers take at least 512 characters.
  private static final Pattern STATE = Pattern.compile("[\\t\\x20-\\x7e]{0,512}");

  private static final Pattern ZEROES = Pattern.compile("0+");
  private static final String ONLY_VERSION_WITHOUT_MORE = "00";
  private static final String NO_VERSION = "ff";
  private static final long SPREAD = 0x9e3779b97f4a7c15L;

  public TraceContext {
    if (!isParent("00-" + traceId + "-" + parentId + "-" + flags)) {
      throw new IllegalArgumentException("no trace context");
    }
    if (!STATE.matcher(tracestate).matches()) {
      throw new IllegalArgumentException("no trace state");
    }
  }

  /// Reads the two headers. What is malformed is as if it were not there, for tracing must never
  /// keep a report from being recorded: without a good `traceparent` there is nothing, and a bad
  /// `tracestate` is left out.
  ///
  /// @param state the values of all `tracestate` headers, joined by commas; empty for none
  public static Optional<TraceContext> parse(String parent, String state) {
    if (!isParent(parent)) {
      return Optional.empty();
    }
    String[] parts = parent.split("-", 5);
    String told = STATE.matcher(state).matches() ? state : "";
    return Optional.of(new TraceContext(parts[1], parts[2], parts[3], told));
  }

  private static boolean isParent(String text) {
    Matcher matcher = PARENT.matcher(text);
    return matcher.matches()
        && !matcher.group(1).equals(NO_VERSION)
        && (matcher.group(5) == null || !matcher.group(1).equals(ONLY_VERSION_WITHOUT_MORE))
        && !ZEROES.matcher(matcher.group(2)).matches()
        && !ZEROES.matcher(matcher.group(3)).matches();
  }

  /// As `traceparent` tells it.
  public String traceparent() {
    return "00-" + traceId + "-" + parentId + "-" + flags;
  }

  /// The span of one attempt in the same trace. Its id follows from the delivery and the attempt's
  /// number, so that it is the same whenever somebody looks, and needs no chance.
  public TraceContext forAttempt(UUID delivery, int number) {
    long id = delivery.getLeastSignificantBits() ^ (number * SPREAD);
    String span = HexFormat.of().toHexDigits(id == 0 ? 1 : id);
    return new TraceContext(traceId, span, flags, tracestate);
  }
}
