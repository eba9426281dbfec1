package dev.runhook.application.spi.account;

import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.SessionId;
import dev.runhook.domain.account.TokenId;
import dev.runhook.domain.account.WebSession;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The sessions of the web UI. Stores only hashes of session keys.
public interface Sessions {
  /// Adds a session with a new id.
  void add(WebSession session);

  /// Finds the session, even if it has expired. The caller checks its times.
  Optional<WebSession> find(SessionId id);

  /// Returns the sessions of the account, the last used first.
  ///
  /// @param token limits them to sessions that this token started
  List<WebSession> list(AccountId account, Optional<TokenId> token, int limit);

  /// Sets the session's last use to this unit's instant. Ignores an unknown id.
  void touch(SessionId id);

  /// Ends the session. Ignores an unknown id.
  void end(SessionId id);

  /// Ends the sessions that were last used before then.
  void endUnusedSince(Instant lastUse);

  /// Ends the sessions that the token started, except for the last used ones.
  void endAllBut(int count, AccountId account, TokenId token);
}
