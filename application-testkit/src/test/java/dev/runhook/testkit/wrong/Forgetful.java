package dev.runhook.testkit.wrong;

import dev.runhook.application.spi.History;
import dev.runhook.application.spi.Transactor;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.testkit.InMemoryTransactor;
import dev.runhook.testkit.SettableClock;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A history that forgets everything, whatever its age.
final class Forgetful implements History {
  private InMemoryTransactor remembered = empty();

  Transactor store() {
    return new Transactor() {
      @Override
      public <T extends @Nullable Object> T inTransaction(Function<UnitOfWork, T> work) {
        return remembered.<T>inTransaction(work);
      }
    };
  }

  @Override
  public void prepare(Duration ahead) {}

  @Override
  public int forget(Duration age) {
    remembered = empty();
    return 0;
  }

  private static InMemoryTransactor empty() {
    return new InMemoryTransactor(SettableClock.atNoon());
  }
}
