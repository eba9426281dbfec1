package dev.runhook.domain.run;

import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/// The span in which a transition was reported, as defined by W3C Trace Context (Recommendation of
/// 2021).
///
/// @param traceId 32 lowercase hex digits, not all zero
/// @param parentId the span's id: 16 lowercase hex digits, not all zero
/// @param flags 2 lowercase hex digits; the last bit means that the trace is sampled
/// @param tracestate the `tracestate` header; empty if there is none
public record TraceContext(String traceId, String parentId, String flags, String tracestate) {
  /// Version, trace id, parent id and flags. Only versions after 00 may add fields.
  private static final Pattern TRACEPARENT =
      Pattern.compile(
          "(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(-.*)?");

  /// Visible ASCII, spaces and tabs. Receivers accept at least 512 characters.
  private static final Pattern TRACESTATE = Pattern.compile("[\\t\\x20-\\x7e]{0,512}");

  private static final int LENGTH = 55;
  private static final long ID_MULTIPLIER = 0x9e3779b97f4a7c15L;

  public TraceContext {
    if (!isTraceparent("00-" + traceId + "-" + parentId + "-" + flags)) {
      throw new IllegalArgumentException("the trace context is invalid");
    }
    if (!TRACESTATE.matcher(tracestate).matches()) {
      throw new IllegalArgumentException("the tracestate is invalid");
    }
  }

  /// Parses the two headers. A malformed header is ignored, because tracing must never prevent a
  /// transition from being recorded. Without a valid `traceparent`, the result is empty.
  ///
  /// @param state the values of all `tracestate` headers, joined by commas; empty if there are none
  public static Optional<TraceContext> parse(String parent, String state) {
    if (!isTraceparent(parent)) {
      return Optional.empty();
    }
    String[] parts = parent.split("-", 5);
    String validState = TRACESTATE.matcher(state).matches() ? state : "";
    return Optional.of(new TraceContext(parts[1], parts[2], parts[3], validState));
  }

  private static boolean isTraceparent(String text) {
    return TRACEPARENT.matcher(text).matches()
        && (text.length() == LENGTH || !text.startsWith("00"));
  }

  public String traceparent() {
    return "00-" + traceId + "-" + parentId + "-" + flags;
  }

  /// Returns the context of one attempt's span in the same trace. The span id is derived from the
  /// delivery and the attempt number, so it is always the same.
  public TraceContext forAttempt(UUID delivery, int number) {
    long id = delivery.getLeastSignificantBits() ^ (number * ID_MULTIPLIER);
    String span = HexFormat.of().toHexDigits(id == 0 ? 1 : id);
    return new TraceContext(traceId, span, flags, tracestate);
  }
}
