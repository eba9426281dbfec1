package dev.runhook.persistence.schema;

import dev.runhook.application.spi.HistoryPartitions;
import dev.runhook.application.spi.Transactor;
import dev.runhook.persistence.Postgres;
import dev.runhook.testkit.contract.HistoryPartitionsContract;
import org.junit.jupiter.api.extension.RegisterExtension;

class HistoryPartitionsContractTest implements HistoryPartitionsContract {
  @RegisterExtension static final Postgres POSTGRES = Postgres.migrated();

  @Override
  public Transactor transactor() {
    return POSTGRES.transactor();
  }

  @Override
  public HistoryPartitions historyPartitions() {
    return new JdbiHistoryPartitions(POSTGRES.pool());
  }
}
