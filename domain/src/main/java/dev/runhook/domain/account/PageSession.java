package dev.runhook.domain.account;

import java.time.Duration;
import java.time.Instant;

/// A person's time at the page, in the name of a token. It opens what the token opens, as long as
/// the token opens it.
///
/// @param token the hash of the token that was shown to begin it
/// @param usedAt to a minute
public record PageSession(SessionId id, TokenHash token, Instant startedAt, Instant usedAt) {
  /// A session that is not used for so long is over.
  public static final Duration IDLE = Duration.ofHours(2);

  /// And every one after so long.
  public static final Duration LONGEST = Duration.ofHours(12);

  public static PageSession started(SessionId id, TokenHash token, Instant now) {
    return new PageSession(id, token, now, now);
  }

  /// When it ends at the latest, however much it is used.
  public Instant endsAt() {
    return startedAt.plus(LONGEST);
  }

  public boolean isOver(Instant now) {
    return !now.isBefore(endsAt()) || !now.isBefore(usedAt.plus(IDLE));
  }
}
