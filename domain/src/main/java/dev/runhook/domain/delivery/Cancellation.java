package dev.runhook.domain.delivery;

import java.time.Instant;
import java.util.Optional;

/// The end of an open delivery before it was delivered or failed. No further attempt is made.
///
/// @param at by the store's clock
/// @param by the name of the user; absent if a later transition of the run replaced the delivery
/// @param reason a text for users, or empty
public record Cancellation(Instant at, Optional<String> by, String reason) {
  public static final int MAX_REASON = 200;

  public Cancellation {
    if (reason.length() > MAX_REASON) {
      throw new IllegalArgumentException("a reason has at most " + MAX_REASON + " characters");
    }
  }
}
