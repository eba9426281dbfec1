package dev.runhook.testkit.faulty;

import dev.runhook.application.spi.Stacks;
import dev.runhook.application.spi.Transactor;
import dev.runhook.application.spi.UnitOfWork;
import dev.runhook.testkit.ForwardingUnitOfWork;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Runs transactions through another transactor, with another store of stacks.
record SwappedStacks(Transactor next, UnaryOperator<Stacks> swap) implements Transactor {
  @Override
  public <T extends @Nullable Object> T inTransaction(Function<UnitOfWork, T> work) {
    return next.<T>inTransaction(unit -> work.apply(new Unit(unit)));
  }

  private final class Unit extends ForwardingUnitOfWork {
    Unit(UnitOfWork next) {
      super(next);
    }

    @Override
    public Stacks stacks() {
      return swap.apply(super.stacks());
    }
  }
}
