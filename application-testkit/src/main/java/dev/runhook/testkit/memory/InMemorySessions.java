package dev.runhook.testkit.memory;

import static java.util.Comparator.comparing;

import dev.runhook.application.spi.account.Sessions;
import dev.runhook.domain.account.AccountId;
import dev.runhook.domain.account.SessionId;
import dev.runhook.domain.account.TokenId;
import dev.runhook.domain.account.WebSession;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

final class InMemorySessions implements Sessions {
  private final InMemoryUnitOfWork unit;

  InMemorySessions(InMemoryUnitOfWork unit) {
    this.unit = unit;
  }

  @Override
  public void add(WebSession session) {
    if (unit.database().sessions.putIfAbsent(session.id(), session) != null) {
      throw new IllegalStateException("duplicate session id");
    }
  }

  @Override
  public Optional<WebSession> find(SessionId id) {
    return Optional.ofNullable(unit.database().sessions.get(id));
  }

  @Override
  public List<WebSession> list(AccountId account, Optional<TokenId> token, int limit) {
    return unit.database().sessions.values().stream()
        .filter(session -> session.owner().account().equals(account))
        .filter(session -> token.map(session.owner().token()::equals).orElse(true))
        .sorted(comparing(WebSession::lastUsedAt).reversed())
        .limit(limit)
        .toList();
  }

  @Override
  public void touch(SessionId id) {
    unit.database()
        .sessions
        .computeIfPresent(
            id,
            (ignored, session) ->
                new WebSession(
                    id, session.token(), session.owner(), session.startedAt(), unit.now()));
  }

  @Override
  public void end(SessionId id) {
    unit.database().sessions.remove(id);
  }

  @Override
  public void endUnusedSince(Instant lastUse) {
    unit.database().sessions.values().removeIf(session -> session.lastUsedAt().isBefore(lastUse));
  }

  @Override
  public void endAllBut(int count, AccountId account, TokenId token) {
    list(account, Optional.of(token), Integer.MAX_VALUE).stream()
        .skip(count)
        .map(WebSession::id)
        .forEach(this::end);
  }
}
