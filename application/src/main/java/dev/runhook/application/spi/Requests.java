package dev.runhook.application.spi;

import dev.runhook.application.Fingerprint;
import dev.runhook.domain.account.TokenId;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/// Requests that were made with a key, each with what became of it. All times are by the store's
/// clock.
public interface Requests {
  /// A request as it is begun.
  ///
  /// @param attempt new each time the request is begun anew
  record Begun(Fingerprint id, UUID attempt, Fingerprint content, TokenId token) {}

  /// @param remembered how long a request is known
  /// @param held how long one that has shown no effect is left to whoever began it
  record Terms(Duration remembered, Duration held) {}

  /// What is known of a request.
  ///
  /// @param effective whether a transaction of it was kept
  /// @param reply its answer, closed; absent while there is none
  record Known(Begun begun, boolean effective, Optional<String> reply) {}

  /// Begins the request where it is not known, or known no longer, or was begun by somebody who has
  /// not come to an effect in time; otherwise nothing changes, and what is known of it is returned.
  /// Of several that begin the same at once, one does.
  Optional<Known> begin(Begun begun, Terms terms);

  /// Notes that this unit is an effect of the attempt; false where the request is somebody else's
  /// by now.
  boolean mark(Fingerprint id, UUID attempt);

  /// Keeps the attempt's answer.
  void keepReply(Fingerprint id, UUID attempt, String reply);

  /// Forgets the attempt unless it had an effect, so that the key is free again.
  void abandon(Fingerprint id, UUID attempt);

  /// Forgets what was begun so long ago; returns how many.
  int forget(Duration remembered);
}
