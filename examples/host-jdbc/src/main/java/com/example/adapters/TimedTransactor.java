package com.example.adapters;

import dev.runhook.application.spi.Transactor;
import dev.runhook.application.spi.UnitOfWork;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/// Runs transactions through another transactor and reports the duration of each.
public record TimedTransactor(Transactor next, Consumer<Duration> onDuration)
    implements Transactor {
  @Override
  public <T> T inTransaction(Function<UnitOfWork, T> work) {
    return timed(() -> next.inTransaction(work));
  }

  @Override
  public <T> T inSnapshot(Function<UnitOfWork, T> work) {
    return timed(() -> next.inSnapshot(work));
  }

  private <T> T timed(Supplier<T> transaction) {
    long startedAt = System.nanoTime();
    try {
      return transaction.get();
    } finally {
      onDuration.accept(Duration.ofNanos(System.nanoTime() - startedAt));
    }
  }
}
