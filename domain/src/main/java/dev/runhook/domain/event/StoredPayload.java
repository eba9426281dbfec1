package dev.runhook.domain.event;

import java.util.Optional;

/// The stored payload of a delivery, or its hash after the payload was erased.
public sealed interface StoredPayload {
  record Present(Payload payload) implements StoredPayload {
    @Override
    public Format format() {
      return payload.format();
    }
  }

  /// The payload was erased on request.
  ///
  /// @param sha256 the hash of the bytes, in lowercase hex
  record Erased(String sha256, Format format) implements StoredPayload {}

  Format format();

  default Optional<Payload> findPayload() {
    return switch (this) {
      case Present(Payload payload) -> Optional.of(payload);
      case Erased ignored -> Optional.empty();
    };
  }
}
