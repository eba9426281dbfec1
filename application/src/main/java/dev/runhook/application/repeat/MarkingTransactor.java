package dev.runhook.application.repeat;

import dev.runhook.application.spi.Transactor;
import dev.runhook.application.spi.UnitOfWork;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

final class MarkingTransactor implements Transactor {
  private final Transactor whole;

  MarkingTransactor(Transactor whole) {
    this.whole = whole;
  }

  @Override
  public <T extends @Nullable Object> T inTransaction(Function<UnitOfWork, T> work) {
    return UnderWay.isHere()
        ? whole.<T>inTransaction(unit -> {
          T result = work.apply(unit);
          UnderWay.mark(unit);
          return result;
        })
        : whole.<T>inTransaction(work);
  }
}
