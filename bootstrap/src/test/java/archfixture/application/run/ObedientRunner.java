package archfixture.application.run;

import archfixture.application.spi.Store;
import archfixture.domain.run.Moved;
import java.util.concurrent.Executor;

/// A use case as it should be: hidden, final, given what it needs.
final class ObedientRunner implements Runner {
  private final Store store;
  private final Executor executor;

  ObedientRunner(Store store, Executor executor) {
    this.store = store;
    this.executor = executor;
  }

  @Override
  public void run(Moved moved) {
    executor.execute(() -> store.keep(moved));
  }
}
