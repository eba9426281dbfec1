package dev.runhook.http.ingest;

import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.signing.IngestSecret.Algorithm;
import dev.runhook.http.ingest.Notification.Ignored;
import dev.runhook.http.json.JsonObjectReader;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// A platform whose notifications become runs.
///
/// @param name the end of the route's path
/// @param signature absent if the platform sends a token of Runhook instead
/// @param about what a notification must be about not to be ignored
/// @param mappings of the kinds of notifications; the first one that fits applies
record Platform(String name, Optional<Signature> signature, String about, List<Mapping> mappings) {
  /// How a platform signs the body, in hex.
  record Signature(Algorithm algorithm, String header) {}

  /// @param nextRunName generates the id of a run that has none on the platform
  Optional<List<Notification>> read(
      JsonObjectReader body, AccountId account, Supplier<String> nextRunName) {
    return mappings.stream()
        .filter(mapping -> mapping.fits(body))
        .findFirst()
        .map(mapping -> mapping.read(body, account, nextRunName))
        .orElseGet(
            () -> Optional.of(List.of(new Ignored("the notification is not about " + about))));
  }
}
