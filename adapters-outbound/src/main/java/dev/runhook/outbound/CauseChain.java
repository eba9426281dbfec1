package dev.runhook.outbound;

import dev.runhook.domain.text.Printable;
import dev.runhook.domain.text.TextLimits;
import java.util.Objects;
import java.util.stream.Stream;

/// An exception with its causes. The JDK's clients report many failures only by the type or message
/// of a nested cause.
public record CauseChain(Throwable failure) {
  private static final int MAX_CAUSES = 20;
  private static final int MAX_MESSAGE_LENGTH = 200;

  public Stream<Throwable> stream() {
    return Stream.iterate(failure, Objects::nonNull, Throwable::getCause).limit(MAX_CAUSES);
  }

  public boolean has(Class<? extends Throwable> type) {
    return stream().anyMatch(type::isInstance);
  }

  /// Returns whether a message in the chain contains the words.
  public boolean mentions(String words) {
    return stream()
        .anyMatch(cause -> cause.getMessage() != null && cause.getMessage().contains(words));
  }

  /// Returns the message of the exception in one line of at most 200 characters, because it may
  /// quote the receiver.
  public String message() {
    String text =
        Objects.requireNonNullElse(failure.getMessage(), failure.getClass().getSimpleName());
    return TextLimits.shorten(Printable.line(text), MAX_MESSAGE_LENGTH);
  }
}
