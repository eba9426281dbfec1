package dev.runhook.application.dispatch;

import dev.runhook.application.outbox.DispatchHandoff;
import dev.runhook.application.spi.DispatchObserver;
import dev.runhook.application.spi.Transactor;
import dev.runhook.application.spi.Transport;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/// Claims due deliveries, sends them, and completes their attempts. A dispatcher has no threads:
/// attempts run on the given executor, and the host calls [#poll] in a loop.
public interface Dispatcher {
  static Dispatcher using(
      Transactor transactor,
      DeliveryTransport transport,
      DispatchConfig config,
      DispatchContext context) {
    return new DeliveryDispatcher(transactor, transport, config, context);
  }

  /// Builds and sends requests, and observes the results.
  record DeliveryTransport(
      RequestFactory requestFactory, Transport transport, DispatchObserver observer) {}

  /// Time, randomness and threads.
  ///
  /// @param ticker monotonic nanoseconds, such as `System::nanoTime`
  /// @param random for jitter
  /// @param executor runs each attempt on a thread, preferably a virtual one. With `Runnable::run`,
  ///   all claimed deliveries are sent and completed when [#poll] returns
  record DispatchContext(
      InstantSource clock, LongSupplier ticker, RandomGenerator random, Executor executor) {}

  /// Returns the handoff through which recorders submit new deliveries.
  DispatchHandoff handoff();

  /// Claims due deliveries, as many as there are free slots, and starts to send them. Call this in
  /// a loop, from one thread. An exception of the store is thrown; no delivery is lost, and the
  /// caller can poll again.
  PollResult poll();

  /// Waits until [DispatchHandoff#wake] has been called since the last poll, or until the timeout.
  void awaitWork(Duration timeout) throws InterruptedException;

  /// Stops claiming, releases the deliveries that are not started, and waits until the attempts in
  /// flight are completed.
  ///
  /// @return false if the timeout ended first; the remaining deliveries are claimed again when
  ///   their leases expire
  boolean stop(Duration timeout) throws InterruptedException;
}
