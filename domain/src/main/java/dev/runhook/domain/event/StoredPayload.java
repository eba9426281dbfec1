package dev.runhook.domain.event;

import java.util.Optional;

/// What is left of the bytes that an event was told by.
public sealed interface StoredPayload {
  /// All of it.
  record Present(Payload payload) implements StoredPayload {}

  /// Nothing but proof of what it was: somebody had it forgotten.
  ///
  /// @param sha256 of the bytes, in lower-case hexadecimal digits
  record Erased(String sha256) implements StoredPayload {}

  default Optional<Payload> findPayload() {
    return switch (this) {
      case Present(Payload payload) -> Optional.of(payload);
      case Erased _ -> Optional.empty();
    };
  }
}
