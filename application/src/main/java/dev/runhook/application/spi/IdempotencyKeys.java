package dev.runhook.application.spi;

import dev.runhook.application.Fingerprint;
import dev.runhook.domain.account.TokenId;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/// Requests that were made with a key, each with what became of it. All times are by the store's
/// clock.
public interface IdempotencyKeys {
  /// A request as it is begun.
  ///
  /// @param attempt new each time the request is begun anew
  record KeyClaim(Fingerprint id, UUID attempt, Fingerprint contentHash, TokenId token) {}

  /// @param remembered how long a request is known
  /// @param held how long one that has shown no effect is left to whoever began it
  record KeyTtl(Duration retention, Duration lock) {}

  /// What is known of a request.
  ///
  /// @param effective whether a transaction of it was kept
  /// @param reply its answer, closed; absent while there is none
  record StoredKey(KeyClaim claim, boolean committed, Optional<String> response) {}

  /// Begins the request where it is not known, or known no longer, or was begun by somebody who has
  /// not come to an effect in time; otherwise nothing changes, and what is known of it is returned.
  /// Of several that begin the same at once, one does.
  Optional<StoredKey> claim(KeyClaim keyClaim, KeyTtl keyTtl);

  /// Notes that this unit is an effect of the attempt; false where the request is somebody else's
  /// by now.
  boolean markCommitted(Fingerprint id, UUID attempt);

  /// Keeps the attempt's answer.
  void storeResponse(Fingerprint id, UUID attempt, String reply);

  /// Forgets the attempt unless it had an effect, so that the key is free again.
  void release(Fingerprint id, UUID attempt);

  /// Forgets what was begun so long ago; returns how many.
  int deleteExpired(Duration remembered);
}
