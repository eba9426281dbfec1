package com.example.adapters;

import dev.runhook.application.spi.Transactor;
import dev.runhook.application.spi.UnitOfWork;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;

/// Runs transactions through another transactor and reports the duration of each.
public record TimedTransactor(Transactor next, Consumer<Duration> onDuration)
    implements Transactor {
  @Override
  public <T> T inTransaction(Function<UnitOfWork, T> work) {
    long startedAt = System.nanoTime();
    try {
      return next.inTransaction(work);
    } finally {
      onDuration.accept(Duration.ofNanos(System.nanoTime() - startedAt));
    }
  }
}
