package dev.runhook.testkit.faulty;

import dev.runhook.application.spi.HistoryPartitions;
import dev.runhook.application.spi.Transactor;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.testkit.SettableClock;
import dev.runhook.testkit.memory.InMemoryTransactor;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Drops the entire history regardless of its age.
final class FaultyHistoryPartitions implements HistoryPartitions {
  private InMemoryTransactor store = empty();

  Transactor store() {
    return new Transactor() {
      @Override
      public <T extends @Nullable Object> T inTransaction(Function<UnitOfWork, T> work) {
        return store.<T>inTransaction(work);
      }
    };
  }

  @Override
  public void createAhead(Duration ahead) {}

  @Override
  public int dropOlderThan(Duration age) {
    store = empty();
    return 0;
  }

  private static InMemoryTransactor empty() {
    return new InMemoryTransactor(SettableClock.atNoon());
  }
}
