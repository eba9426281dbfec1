package dev.runhook.application.outbox;

import dev.runhook.application.spi.IdGenerator;
import dev.runhook.application.spi.PayloadRenderer;
import dev.runhook.application.spi.Transactor;
import dev.runhook.application.spi.UnitOfWork;
import java.util.function.BiFunction;

/// Runs work that adds events, together with their deliveries, in one transaction. After the
/// commit, it hands the deliveries that can be sent immediately to the dispatcher of this process.
/// Thread-safe.
public final class Outbox {
  private final Transactor transactor;
  private final PayloadRenderer renderer;
  private final IdGenerator ids;
  private final DispatchHandoff dispatcher;

  public Outbox(
      Transactor transactor,
      PayloadRenderer renderer,
      IdGenerator ids,
      DispatchHandoff dispatcher) {
    this.transactor = transactor;
    this.renderer = renderer;
    this.ids = ids;
    this.dispatcher = dispatcher;
  }

  /// Runs the work in a new transaction, as [Transactor#inTransaction] does, and hands off after
  /// the commit.
  public <T> T inTransaction(BiFunction<UnitOfWork, DeliveryWriter, T> work) {
    PostCommitHandoff handoff = new PostCommitHandoff(dispatcher);
    T result;
    try {
      result =
          transactor.inTransaction(unit -> {
            handoff.begin(); // the store may run the work again after a conflict
            return work.apply(unit, new DeliveryWriter(unit, handoff, renderer, ids));
          });
    } catch (RuntimeException | Error e) {
      handoff.afterRollback();
      throw e;
    }
    handoff.afterCommit();
    return result;
  }

  /// Returns a writer for the caller's transaction. Nothing is handed off: the dispatcher claims
  /// the deliveries after the caller's commit.
  public DeliveryWriter joining(UnitOfWork unit) {
    return new DeliveryWriter(unit, new PostCommitHandoff(DispatchHandoff.none()), renderer, ids);
  }
}
