package dev.runhook.application.spi;

import dev.runhook.domain.account.PageSession;
import dev.runhook.domain.account.SessionId;
import java.time.Instant;
import java.util.Optional;

/// The sessions of people at the page. Of their keys only hashes are here.
public interface Sessions {
  /// Adds a session, whose id is new.
  void add(PageSession session);

  /// The session, over or not: that is for the caller to judge.
  Optional<PageSession> find(SessionId id);

  /// Keeps that it was used at this unit's instant; one that is not there is no error.
  void keepUse(SessionId id);

  /// Ends it; one that is not there is no error.
  void end(SessionId id);

  /// Ends those that were started, or used last, before these times.
  void endOlder(Instant started, Instant used);
}
