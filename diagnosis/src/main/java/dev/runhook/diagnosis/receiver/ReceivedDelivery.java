package dev.runhook.diagnosis.receiver;

import dev.runhook.diagnosis.Diagnosis;
import dev.runhook.domain.event.Payload;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// A delivery that a receiver got.
///
/// @param number 1 for the first delivery
/// @param headers by name in lowercase
/// @param diagnosis of the signature that does not match
/// @param duplicateOf the number of the verified delivery with the same `webhook-id` that was
///   accepted earlier
public record ReceivedDelivery(
    int number,
    Map<String, String> headers,
    Payload payload,
    Verification verification,
    Optional<Diagnosis> diagnosis,
    Optional<Integer> duplicateOf) {
  public ReceivedDelivery {
    headers = Map.copyOf(headers);
  }

  public Optional<String> findHeader(String name) {
    return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
  }

  /// Returns the payload as UTF-8 text.
  public String body() {
    return payload.text();
  }
}
