package dev.runhook.application.outbox;

import dev.runhook.application.spi.Bucket;
import dev.runhook.application.spi.IdGenerator;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.application.spi.delivery.PayloadRenderer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.BiFunction;

/// Runs work that adds events, together with their deliveries, in one transaction. After the
/// commit, it hands the deliveries that can be sent immediately to the dispatcher of this process.
/// Thread-safe.
public final class Outbox {
  private final Bucket transactor;
  private final PayloadRenderer renderer;
  private final IdGenerator ids;
  private final DispatchHandoff handoff;

  public Outbox(
      Bucket transactor, PayloadRenderer renderer, IdGenerator ids, DispatchHandoff handoff) {
    this.transactor = transactor;
    this.renderer = renderer;
    this.ids = ids;
    this.handoff = handoff;
  }

  /// Runs the work in a new transaction, as [Bucket#inTransaction] does, and hands off after the
  /// commit.
  public <T> T inTransaction(BiFunction<UnitOfWork, DeliveryWriter, T> work) {
    Deque<DeliveryWriter> writers = new ArrayDeque<>(); // the store may run the work again
    try {
      T result =
          transactor.inTransaction(unit -> {
            writers.forEach(DeliveryWriter::afterRollback);
            writers.addLast(new DeliveryWriter(unit, handoff, renderer, ids));
            return work.apply(unit, writers.getLast());
          });
      writers.getLast().afterCommit();
      return result;
    } catch (RuntimeException | Error e) {
      writers.forEach(DeliveryWriter::afterRollback);
      throw e;
    }
  }

  /// Returns a writer for the caller's transaction. Nothing is handed off: the dispatcher claims
  /// the deliveries after the caller's commit.
  public DeliveryWriter joining(UnitOfWork unit) {
    return new DeliveryWriter(unit, DispatchHandoff.none(), renderer, ids);
  }
}
