package dev.runhook.persistence;

import dev.runhook.application.spi.History;
import dev.runhook.application.spi.Transactor;
import dev.runhook.testkit.contract.HistoryContract;
import org.junit.jupiter.api.extension.RegisterExtension;

class HistoryPromisesTest implements HistoryContract {
  @RegisterExtension static final Postgres POSTGRES = Postgres.migrated();

  @Override
  public Transactor transactor() {
    return POSTGRES.transactor();
  }

  @Override
  public History history() {
    return new PartitionedHistory(POSTGRES.pool());
  }
}
