package dev.runhook.application.outbox;

import dev.runhook.application.spi.IdSource;
import dev.runhook.application.spi.PayloadRenderer;
import dev.runhook.application.spi.Transactor;
import dev.runhook.application.spi.UnitOfWork;
import java.util.function.BiFunction;

final class TransactionalOutbox implements Outbox {
  private final Transactor transactor;
  private final PayloadRenderer renderer;
  private final IdSource ids;
  private final Intake intake;

  TransactionalOutbox(
      Transactor transactor, PayloadRenderer renderer, IdSource ids, Intake intake) {
    this.transactor = transactor;
    this.renderer = renderer;
    this.ids = ids;
    this.intake = intake;
  }

  @Override
  public <T> T inTransaction(BiFunction<UnitOfWork, Mailing, T> work) {
    HandOver handOver = new HandOver(intake);
    T result;
    try {
      result =
          transactor.inTransaction(unit -> {
            handOver.begin(); // the store may run the work again after a conflict
            return work.apply(unit, new AddressedMailing(unit, handOver, renderer, ids));
          });
    } catch (RuntimeException | Error e) {
      handOver.abandon();
      throw e;
    }
    handOver.complete();
    return result;
  }

  @Override
  public Mailing joining(UnitOfWork unit) {
    return new AddressedMailing(unit, new HandOver(Intake.none()), renderer, ids);
  }
}
