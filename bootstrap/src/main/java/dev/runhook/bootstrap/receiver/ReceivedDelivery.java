package dev.runhook.bootstrap.receiver;

import dev.runhook.domain.diagnosis.Diagnosis;
import dev.runhook.domain.event.Payload;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// A request that a receiver got.
///
/// @param headers by name in lower case
/// @param number how many came before it, plus one
/// @param examination of the first signature that does not match
public record ReceivedDelivery(
    int number,
    Map<String, String> headers,
    Payload payload,
    VerificationResult verification,
    Optional<Diagnosis> diagnosis) {
  public ReceivedDelivery {
    headers = Map.copyOf(headers);
  }

  public Optional<String> findHeader(String name) {
    return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
  }

  /// The payload read as UTF-8.
  public String body() {
    return payload.text();
  }
}
