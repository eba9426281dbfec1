package dev.runhook.application.outbox;

import dev.runhook.application.spi.IdGenerator;
import dev.runhook.application.spi.PayloadRenderer;
import dev.runhook.application.spi.Transactor;
import dev.runhook.application.spi.UnitOfWork;
import java.util.function.BiFunction;

final class TransactionalOutbox implements Outbox {
  private final Transactor transactor;
  private final PayloadRenderer renderer;
  private final IdGenerator ids;
  private final DispatchHandoff dispatchHandoff;

  TransactionalOutbox(
      Transactor transactor, PayloadRenderer renderer, IdGenerator ids, DispatchHandoff intake) {
    this.transactor = transactor;
    this.renderer = renderer;
    this.ids = ids;
    this.dispatchHandoff = intake;
  }

  @Override
  public <T> T inTransaction(BiFunction<UnitOfWork, DeliveryWriter, T> work) {
    PostCommitHandoff postCommitHandoff = new PostCommitHandoff(dispatchHandoff);
    T result;
    try {
      result =
          transactor.inTransaction(unit -> {
            postCommitHandoff.begin(); // the store may run the work again after a conflict
            return work.apply(
                unit, new TransactionalDeliveryWriter(unit, postCommitHandoff, renderer, ids));
          });
    } catch (RuntimeException | Error e) {
      postCommitHandoff.afterRollback();
      throw e;
    }
    postCommitHandoff.afterCommit();
    return result;
  }

  @Override
  public DeliveryWriter joining(UnitOfWork unit) {
    return new TransactionalDeliveryWriter(
        unit, new PostCommitHandoff(DispatchHandoff.none()), renderer, ids);
  }
}
