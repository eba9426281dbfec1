package dev.runhook.application.dispatch;

import dev.runhook.application.outbox.Moment;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/// Time, randomness and threads.
///
/// @param ticker monotonic nanoseconds, such as `System::nanoTime`
/// @param random for jitter
/// @param executor runs each attempt on a thread, preferably a virtual one. With `Runnable::run`,
///   all claimed deliveries are sent and completed when [Dispatcher#poll] returns
/// @param transactions runs the transactions that complete attempts, a few at a time. They hold
///   locks of runs, so in a busy process their threads should not wait behind those of requests
public record DispatchContext(
    InstantSource clock,
    LongSupplier ticker,
    RandomGenerator random,
    Executor executor,
    Executor transactions) {
  /// Runs attempts and transactions on the same executor.
  public DispatchContext(
      InstantSource clock, LongSupplier ticker, RandomGenerator random, Executor executor) {
    this(clock, ticker, random, executor, executor);
  }

  Moment now() {
    return new Moment(ticker.getAsLong(), clock.instant());
  }
}
