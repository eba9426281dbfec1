package com.example.adapters;

import dev.runhook.application.spi.Transactor;
import dev.runhook.application.spi.UnitOfWork;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;

/// Runs transactions on another store, and tells how long each took.
public record TimedTransactor(Transactor next, Consumer<Duration> onDuration)
    implements Transactor {
  @Override
  public <T> T inTransaction(Function<UnitOfWork, T> work) {
    long begun = System.nanoTime();
    try {
      return next.inTransaction(work);
    } finally {
      onDuration.accept(Duration.ofNanos(System.nanoTime() - begun));
    }
  }
}
