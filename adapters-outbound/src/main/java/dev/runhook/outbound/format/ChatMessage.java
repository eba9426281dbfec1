package dev.runhook.outbound.format;

import dev.runhook.domain.text.Printable;
import dev.runhook.domain.text.TextLimits;
import java.util.List;
import java.util.Optional;

/// What a person reads about an event, in plain text. The texts are short and have no line breaks.
///
/// @param links the run at the reporter, and in the web UI
record ChatMessage(String title, Tone tone, List<Fact> facts, List<Link> links) {
  static final int MAX_TITLE = 200;
  private static final int MAX_FACT = 200;

  /// How much attention the message needs.
  enum Tone {
    NEUTRAL(""),
    GOOD("✅ "),
    WARNING("⚠️ "),
    BAD("❌ ");

    private final String symbol;

    Tone(String symbol) {
      this.symbol = symbol;
    }

    /// Returns an emoji and a space, or nothing.
    String symbol() {
      return symbol;
    }
  }

  record Fact(String name, String value, Optional<String> url) {}

  record Link(String text, String url) {}

  static void add(List<Fact> facts, String name, String value, Optional<String> url) {
    String text = shorten(value, MAX_FACT);
    if (!text.isEmpty()) {
      facts.add(new Fact(name, text, url));
    }
  }

  /// Returns a line that is cut off if it is too long.
  static String shorten(String text, int max) {
    return TextLimits.shorten(Printable.line(text).strip(), max);
  }
}
