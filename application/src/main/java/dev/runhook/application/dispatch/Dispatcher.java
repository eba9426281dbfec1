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

/// The engine: takes what was just recorded, claims what is due, sends it and settles it. It has no
/// threads of its own: attempts run on the given executor, and somebody calls [#poll] in a loop.
public interface Dispatcher {
  static Dispatcher using(
      Transactor transactor,
      DeliveryTransport deliveryTransport,
      DispatchConfig rules,
      DispatchContext dispatchContext) {
    return new DeliveryDispatcher(transactor, deliveryTransport, rules, dispatchContext);
  }

  /// How requests are made and posted, and who is told.
  record DeliveryTransport(
      RequestFactory requestFactory, Transport transport, DispatchObserver observer) {}

  /// Time, chance and threads.
  ///
  /// @param ticker nanoseconds that only grow, such as `System::nanoTime`
  /// @param random for jitter
  /// @param executor runs attempts; one thread each, so best virtual ones. With `Runnable::run` a
  ///   round has been sent and settled when it returns
  record DispatchContext(
      InstantSource clock, LongSupplier ticker, RandomGenerator random, Executor executor) {}

  /// Where recorders hand parcels over.
  DispatchHandoff handoff();

  /// Claims what is due and there is room for, and starts sending it; to be called in a loop, from
  /// one thread. Throws what the store throws; nothing is lost then, and another round may be
  /// tried.
  PollResult poll();

  /// Waits until [DispatchHandoff#wake] was called since the last round, or the time is over.
  void awaitWork(Duration atMost) throws InterruptedException;

  /// Takes no more, gives back what is not yet sent, and waits for the attempts under way to end
  /// and be settled. Returns whether all of that was done in time; what was not comes back when its
  /// lease ends.
  boolean stop(Duration patience) throws InterruptedException;
}
