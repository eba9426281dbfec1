package dev.runhook.application.spi;

import dev.runhook.domain.account.SessionId;
import dev.runhook.domain.account.WebSession;
import java.time.Instant;
import java.util.Optional;

/// The sessions of people at the page. Of their keys only hashes are here.
public interface Sessions {
  /// Adds a session, whose id is new.
  void add(WebSession session);

  /// The session, also one that has been over for a while: whoever asks judges its times.
  Optional<WebSession> find(SessionId id);

  /// Keeps that it was used at this unit's instant; one that is not there is no error.
  void touch(SessionId id);

  /// Ends it; one that is not there is no error.
  void end(SessionId id);

  /// Ends those that were started, or used last, before these times.
  void endOlderThan(Instant started, Instant used);
}
