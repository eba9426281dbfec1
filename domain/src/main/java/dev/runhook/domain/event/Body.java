package dev.runhook.domain.event;

import java.util.Optional;

/// What is left of the bytes that an event was told by.
public sealed interface Body {
  /// All of it.
  record Kept(Payload payload) implements Body {}

  /// Nothing but proof of what it was: somebody had it forgotten.
  ///
  /// @param sha256 of the bytes, in lower-case hexadecimal digits
  record Forgotten(String sha256) implements Body {}

  default Optional<Payload> findPayload() {
    return switch (this) {
      case Kept(Payload payload) -> Optional.of(payload);
      case Forgotten _ -> Optional.empty();
    };
  }
}
