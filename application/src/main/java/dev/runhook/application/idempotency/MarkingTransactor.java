package dev.runhook.application.idempotency;

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
    return CurrentRequest.isBound()
        ? whole.<T>inTransaction(unit -> {
          T result = work.apply(unit);
          CurrentRequest.markCommitted(unit);
          return result;
        })
        : whole.<T>inTransaction(work);
  }
}
