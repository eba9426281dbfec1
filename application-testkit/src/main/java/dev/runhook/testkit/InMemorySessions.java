package dev.runhook.testkit;

import dev.runhook.application.spi.Sessions;
import dev.runhook.domain.account.PageSession;
import dev.runhook.domain.account.SessionId;
import java.time.Instant;
import java.util.Optional;

final class InMemorySessions implements Sessions {
  private final InMemoryUnitOfWork unit;

  InMemorySessions(InMemoryUnitOfWork unit) {
    this.unit = unit;
  }

  @Override
  public void add(PageSession session) {
    if (unit.tables().sessions.putIfAbsent(session.id(), session) != null) {
      throw new IllegalStateException("there is a session of that id");
    }
  }

  @Override
  public Optional<PageSession> find(SessionId id) {
    return Optional.ofNullable(unit.tables().sessions.get(id));
  }

  @Override
  public void keepUse(SessionId id) {
    unit.tables()
        .sessions
        .computeIfPresent(
            id,
            (_, session) -> new PageSession(id, session.token(), session.startedAt(), unit.now()));
  }

  @Override
  public void end(SessionId id) {
    unit.tables().sessions.remove(id);
  }

  @Override
  public void endOlder(Instant started, Instant used) {
    unit.tables()
        .sessions
        .values()
        .removeIf(
            session -> session.startedAt().isBefore(started) || session.usedAt().isBefore(used));
  }
}
