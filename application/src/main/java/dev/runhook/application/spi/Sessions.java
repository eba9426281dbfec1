package dev.runhook.application.spi;

import dev.runhook.domain.account.SessionId;
import dev.runhook.domain.account.WebSession;
import java.time.Instant;
import java.util.Optional;

/// The sessions of the web UI. Stores only hashes of session keys.
public interface Sessions {
  /// Adds a session with a new id.
  void add(WebSession session);

  /// Finds the session, even if it has expired. The caller checks its times.
  Optional<WebSession> find(SessionId id);

  /// Sets the session's last use to this unit's instant. Ignores an unknown id.
  void touch(SessionId id);

  /// Ends the session. Ignores an unknown id.
  void end(SessionId id);

  /// Ends the sessions that were created before `created` or last used before `lastUsed`.
  void endOlderThan(Instant created, Instant lastUsed);
}
